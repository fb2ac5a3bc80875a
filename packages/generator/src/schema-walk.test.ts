import { expect, test } from "vitest";
import type { Schema } from "./document.ts";
import { mapDocumentSchemas, mapSchema } from "./schema-walk.ts";

/** Marks every schema that is visited. */
const mark = (schema: Schema): Schema => ({ ...schema, seen: true });

test("visits subschemas, and only those", () => {
  expect(
    mapSchema(
      {
        properties: { items: { type: "string" }, oneOf: { const: { not: {} } } },
        items: { enum: [{ type: "x" }] },
        anyOf: [{ type: "string" }],
        additionalProperties: false,
        default: { items: {} },
      },
      mark,
    ),
  ).toEqual({
    properties: { items: { type: "string", seen: true }, oneOf: { const: { not: {} }, seen: true } },
    items: { enum: [{ type: "x" }], seen: true },
    anyOf: [{ type: "string", seen: true }],
    additionalProperties: false,
    default: { items: {} },
    seen: true,
  });
});

test("visits the schemas of a document, and no example", () => {
  const media = { schema: { type: "string" }, example: { schema: {} }, examples: { a: { value: { schema: {} } } } };
  const changed = mapDocumentSchemas(
    {
      openapi: "3.1.1",
      info: { title: "", version: "" },
      paths: {
        "/a": { get: { responses: { 200: { content: { "application/json": media } } }, "x-a": { schema: {} } } },
      },
      components: { schemas: { A: {} }, parameters: { p: { name: "p", in: "query", schema: {} } } },
    },
    mark,
  );
  const response = { content: { "application/json": { ...media, schema: { type: "string", seen: true } } } };
  expect(changed.paths).toEqual({ "/a": { get: { responses: { 200: response }, "x-a": { schema: {} } } } });
  expect(changed.components).toEqual({
    schemas: { A: { seen: true } },
    parameters: { p: { name: "p", in: "query", schema: { seen: true } } },
  });
});
