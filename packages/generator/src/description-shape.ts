import type { AnySchemaObject } from "ajv/dist/2020.js";

const text = { type: "string", minLength: 1 };
const texts = { type: "array", items: text };
const flag = { type: "boolean" };
const inPlace = (shape: string): object => ({ $ref: `#/$defs/${shape}` });
const mapOf = (shape: object): object => ({ type: "object", additionalProperties: shape });

/** OpenAPI allows a reference in place of most objects. */
const orReference = (shape: string): object => ({
  type: "object",
  if: { required: ["$ref"] },
  then: { properties: { $ref: text } },
  else: inPlace(shape),
});

const content = mapOf(inPlace("MediaType"));
const parameters = { type: "array", items: orReference("Parameter") };

/**
 * As much of OpenAPI 3.1 and of the extensions as the generator reads, as a JSON Schema; what a wrong value calls for
 * stands beside it as a description. Schemas are checked by the meta-schema, with one difference: unknown keywords are
 * errors, or a misspelt one would be silence.
 */
export const descriptionShape: AnySchemaObject = {
  type: "object",
  required: ["info"],
  properties: {
    info: { type: "object", required: ["title", "version"], properties: { title: text, version: text } },
    security: inPlace("Security"),
    paths: mapOf(inPlace("PathItem")),
    components: {
      type: "object",
      properties: {
        schemas: mapOf(inPlace("Schema")),
        responses: mapOf(orReference("Response")),
        parameters: mapOf(orReference("Parameter")),
        requestBodies: mapOf(orReference("RequestBody")),
        headers: mapOf(orReference("Header")),
      },
    },
  },
  $defs: {
    Schema: { type: "object", $ref: "matrix-openapi:schema" },
    Security: { type: "array", items: mapOf({ type: "array" }) },
    PathItem: {
      type: "object",
      properties: { parameters },
      patternProperties: { "^(get|put|post|delete|options|head|patch|trace)$": inPlace("Operation") },
    },
    Operation: {
      type: "object",
      required: ["responses"],
      properties: {
        summary: text,
        tags: texts,
        deprecated: flag,
        security: inPlace("Security"),
        parameters,
        requestBody: orReference("RequestBody"),
        responses: {
          type: "object",
          minProperties: 1,
          propertyNames: {
            pattern: "^([1-5](\\d\\d|XX)|default|x-.*)$",
            description: 'Answers are listed by status: "200", "404", …',
          },
          patternProperties: { "^[1-5d]": orReference("Response") },
        },
        "x-matrix-guest": flag,
        "x-matrix-txn": text,
        "x-matrix-uia": listsOf("stages", "exemptions"),
        "x-matrix-history": listsOf("stable", "unstable"),
        "x-matrix-pagination": {
          type: "object",
          required: ["request", "response", "items"],
          properties: { request: text, response: text, items: text },
          additionalProperties: false,
        },
      },
    },
    Parameter: {
      type: "object",
      required: ["name", "in"],
      properties: { name: text, in: { enum: ["path", "query", "header", "cookie"] }, required: flag },
      $ref: "#/$defs/Header",
    },
    Header: { type: "object", properties: { schema: inPlace("Schema"), content } },
    RequestBody: { type: "object", required: ["content"], properties: { required: flag, content } },
    Response: { type: "object", properties: { content, headers: mapOf(orReference("Header")) } },
    MediaType: { type: "object", properties: { schema: inPlace("Schema") } },
  },
};

function listsOf(...names: readonly string[]): object {
  return {
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name, texts])),
    additionalProperties: false,
  };
}
