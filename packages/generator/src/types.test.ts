import { expect, test } from "vitest";
import type { OpenApiDocument, Operation, Schema } from "./document.ts";
import { typesModule } from "./types.ts";

test.each<[string, Schema, string]>([
  [
    "a property that must not be there",
    { type: "object", properties: { type: { not: {} } } },
    "{\n\t\t\ttype?: never;\n\t\t}",
  ],
  [
    "a field with a default stays optional",
    { type: "object", properties: { a: { type: "string", default: "x" } } },
    "a?: string;",
  ],
  ["an open object", { type: "object", additionalProperties: true }, "{\n\t\t\t[key: string]: unknown;\n\t\t}"],
  [
    "an index signature allows for the named properties",
    { type: "object", properties: { version: { type: "string" } }, additionalProperties: { type: "integer" } },
    "version?: string;\n\t\t} & {\n\t\t\t[key: string]: number | string;",
  ],
  ["bytes", { type: "string", contentMediaType: "image/png" }, "Blob"],
  ["bytes as text are text", { type: "string", contentMediaType: "image/png", contentEncoding: "base64" }, "string"],
  [
    "a union told apart by a tag is no more than a union",
    {
      oneOf: [{ $ref: "#/components/schemas/A" }, { $ref: "#/components/schemas/B" }],
      discriminator: { propertyName: "type" },
    },
    'Schemas["A"] | Schemas["B"]',
  ],
  ["known names among others", { type: "string", "x-extensible-enum": ["a", "b"] }, '"a" | "b" | (string & {})'],
  [
    "any name but some without a dot has one, which keeps a union narrow",
    { type: "object", properties: { kind: { type: "string", not: { enum: ["room", "sender"] } } } },
    "kind?: `${string}.${string}`;",
  ],
  [
    "any name but some of the specification's own begins otherwise",
    { type: "object", properties: { kind: { type: "string", not: { enum: ["m.room", "m.sender"] } } } },
    "kind?: OtherName;",
  ],
  [
    "any name but some of both sorts is any",
    { type: "object", properties: { kind: { type: "string", not: { enum: ["m.room", "sender"] } } } },
    "kind?: string;",
  ],
])("%s", async (_, schema, expected) => {
  const types = await typesModule(describe({ schemas: { A: tagged("a"), B: tagged("b"), Subject: schema } }));
  expect(/Subject: (?<type>[^]*?);\n\t\};/.exec(types)?.groups?.["type"]).toContain(expected);
});

test("a body without a schema is a Blob, and a field called content is none", async () => {
  const content: Schema = {
    type: "object",
    properties: { content: { type: "object", properties: { a: { type: "string" } } } },
  };
  const post: Operation = {
    operationId: "upload",
    requestBody: { content: { "*/*": {} } },
    responses: {
      200: { description: "", content: { "application/json": { schema: content } } },
      201: { description: "", content: { "text/html": {} } },
    },
  };
  const types = await typesModule(describe({}, { "/a": { post } }));
  expect(types).toContain('"*/*": Blob;');
  expect(types).toMatch(/content\?: \{\s+a\?: string;\s+\};/);
  expect(types).toContain('"text/html": unknown;');
});

function describe(
  components: OpenApiDocument["components"] & object,
  paths: OpenApiDocument["paths"] & object = {},
): OpenApiDocument {
  return { openapi: "3.1.1", info: { title: "", version: "" }, paths, components };
}

function tagged(type: string): Schema {
  return { type: "object", required: ["type"], properties: { type: { const: type } } };
}
