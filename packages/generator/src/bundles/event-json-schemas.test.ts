import { Ajv2020, type AnySchema } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import type { OpenApiDocument } from "../document.ts";
import type { EventType } from "../event-types.ts";
import { eventJsonSchemas } from "./event-json-schemas.ts";

const ref = (name: string): { $ref: string } => ({ $ref: `#/components/schemas/${name}` });

const document: OpenApiDocument = {
  openapi: "3.1.0",
  info: { title: "", version: "" },
  components: {
    schemas: {
      UserId: { type: "string", format: "mx-user-id", pattern: "^@", example: "@a:b" },
      Text: {
        type: "object",
        required: ["msgtype"],
        properties: { msgtype: { const: "m.text" }, "x-a": ref("UserId") },
      },
      Image: { type: "object", required: ["msgtype"], properties: { msgtype: { const: "m.image" } } },
      Unused: {},
      "m.room.message": {
        oneOf: [ref("Text"), { ...ref("Image"), "x-addedInMatrixVersion": "1.2" }],
        discriminator: { propertyName: "msgtype", mapping: { "m.text": ref("Text").$ref } },
        "x-matrix-event-type": "m.room.message",
        "x-extensible-enum": [],
        examples: [{ msgtype: "m.text", "x-a": "@a:b" }],
      },
      "m.thread": { type: "object", properties: { inner: ref("m.thread"), at: { type: "integer", format: "int64" } } },
    },
  },
};

const descriptor = { since: null, deprecatedSince: null };
const types: EventType[] = [
  { name: "m.room.message", type: "m.room.message", descriptor: { ...descriptor, kinds: ["message"], stateKey: null } },
  { name: "m.thread", type: "m.thread.{id}", descriptor: { ...descriptor, kinds: ["state"], stateKey: "any" } },
];

const schemas = eventJsonSchemas(document, types);

test("keeps what validates, and what OpenAPI and Matrix add to it out", () => {
  expect(schemas.get("m.room.message.json")).toEqual({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "m.room.message.json",
    oneOf: [{ $ref: "#/$defs/Text" }, { $ref: "#/$defs/Image" }],
    examples: [{ msgtype: "m.text", "x-a": "@a:b" }],
    $defs: {
      Image: { type: "object", required: ["msgtype"], properties: { msgtype: { const: "m.image" } } },
      Text: {
        type: "object",
        required: ["msgtype"],
        properties: { msgtype: { const: "m.text" }, "x-a": { $ref: "#/$defs/UserId" } },
      },
      UserId: { type: "string", pattern: "^@", examples: ["@a:b"] },
    },
  });
});

test("brings along a schema that leads back to itself", () => {
  expect(schemas.get("m.thread.json")).toMatchObject({ $defs: { "m.thread": { type: "object" } } });
});

test("lists the schemas with what is known of their types", () => {
  expect(schemas.get("index.json")).toEqual({
    events: [
      { type: "m.room.message", kinds: ["message"], schema: "m.room.message.json" },
      { type: "m.thread.{id}", kinds: ["state"], stateKey: "any", schema: "m.thread.json" },
    ],
  });
});

test("is understood by a strict validator", () => {
  const ajv = new Ajv2020({ strict: true, formats: { int64: true } });
  for (const { name } of types) ajv.addSchema(schemas.get(`${name}.json`) as AnySchema);
  const message = ajv.getSchema("m.room.message.json");
  expect(message?.({ msgtype: "m.text", "x-a": "@a:b" })).toBe(true);
  expect(message?.({ msgtype: "m.text", "x-a": "a:b" })).toBe(false);
  expect(ajv.getSchema("m.thread.json")?.({ inner: { inner: { at: "1" } } })).toBe(false);
});
