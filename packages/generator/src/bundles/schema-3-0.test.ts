import { expect, test } from "vitest";
import type { Schema } from "../document.ts";
import type { Refusal } from "./place.ts";
import { schema30 } from "./schema-3-0.ts";

const ref = "#/components/schemas/A";
const other = "#/components/schemas/B";

test.each<[string, unknown, Schema]>([
  [
    "what means the same",
    { type: "string", maxLength: 5, format: "uri" },
    { type: "string", maxLength: 5, format: "uri" },
  ],
  ["anything", true, {}],
  ["nothing", false, { not: {} }],
  ["what must not be there", { properties: { type: { not: {} } } }, { properties: { type: { not: {} } } }],
  ["open content", { type: "object", additionalProperties: true }, { type: "object", additionalProperties: true }],
  ["anything in a map", { additionalProperties: { items: true } }, { additionalProperties: { items: {} } }],
  ["an array of anything", { type: "array" }, { type: "array", items: {} }],
  ["a type or null", { type: ["string", "null"], minLength: 1 }, { type: "string", nullable: true, minLength: 1 }],
  ["one type in a list", { type: ["string"] }, { type: "string" }],
  ["null", { type: "null" }, { type: "object", nullable: true, enum: [null] }],
  [
    "several types",
    { description: "d", type: ["string", "integer"], maxLength: 5, minimum: 1 },
    {
      description: "d",
      anyOf: [
        { type: "string", maxLength: 5 },
        { type: "integer", minimum: 1 },
      ],
    },
  ],
  [
    "several types or null",
    { type: ["boolean", "array", "null"] },
    {
      anyOf: [
        { type: "boolean", nullable: true },
        { type: "array", items: {} },
      ],
    },
  ],
  [
    "several types beside a choice",
    { type: ["string", "integer"], anyOf: [{ enum: ["a"] }, { enum: [1] }] },
    { anyOf: [{ enum: ["a"] }, { enum: [1] }], allOf: [{ anyOf: [{ type: "string" }, { type: "integer" }] }] },
  ],
  ["a constant", { type: "string", const: "a" }, { type: "string", enum: ["a"] }],
  ["a constant without a type", { const: "a" }, { type: "string", enum: ["a"] }],
  ["a constant number", { const: 1 }, { type: "integer", enum: [1] }],
  ["the constant null", { const: null }, { enum: [null] }],
  ["a constant beside an enum", { enum: ["a", "b"], const: "a" }, { enum: ["a", "b"], allOf: [{ enum: ["a"] }] }],
  ["an example", { examples: ["a"] }, { example: "a" }],
  ["examples", { examples: ["a", "b"] }, { example: "a", "x-examples": ["a", "b"] }],
  ["an example and examples", { example: "a", examples: ["b"] }, { example: "a", "x-examples": ["b"] }],
  ["no examples", { examples: [] }, {}],
  ["a reference", { $ref: ref }, { $ref: ref }],
  [
    "a reference that says more",
    { $ref: ref, description: "Here.", default: 1, "x-addedInMatrixVersion": "1.2" },
    { description: "Here.", default: 1, "x-addedInMatrixVersion": "1.2", allOf: [{ $ref: ref }] },
  ],
  ["a reference beside allOf", { $ref: ref, allOf: [{ $ref: other }] }, { allOf: [{ $ref: ref }, { $ref: other }] }],
  [
    "a branch that says more",
    { oneOf: [{ $ref: ref, description: "One." }, { $ref: other }] },
    { oneOf: [{ description: "One.", allOf: [{ $ref: ref }] }, { $ref: other }] },
  ],
  [
    "a branch that says more, found by a discriminator",
    { oneOf: [{ $ref: ref, "x-addedInMatrixVersion": "1.2" }, { $ref: other }], discriminator: { propertyName: "t" } },
    {
      oneOf: [{ $ref: ref }, { $ref: other }],
      discriminator: { propertyName: "t" },
      "x-branches": [{ $ref: ref, "x-addedInMatrixVersion": "1.2" }],
    },
  ],
  [
    "a branch that demands more, found by a discriminator",
    { oneOf: [{ $ref: ref, required: ["a"] }], discriminator: { propertyName: "t" } },
    { oneOf: [{ required: ["a"], allOf: [{ $ref: ref }] }], discriminator: { propertyName: "t" } },
  ],
  [
    "the keys of a map",
    { description: "Devices.", type: "object", propertyNames: { $ref: ref }, additionalProperties: { $ref: other } },
    {
      description: "Devices.\n\nEach key is a `A`.",
      type: "object",
      "x-propertyNames": { $ref: ref },
      additionalProperties: { $ref: other },
    },
  ],
  [
    "the grammar of keys",
    { propertyNames: { pattern: "^m", const: "m" } },
    { description: "Each key matches `^m`.", "x-propertyNames": { pattern: "^m", type: "string", enum: ["m"] } },
  ],
  ["an exclusive bound", { exclusiveMinimum: 0 }, { minimum: 0, exclusiveMinimum: true }],
  ["the tighter bound, exclusive", { minimum: 0, exclusiveMinimum: 0 }, { minimum: 0, exclusiveMinimum: true }],
  ["the tighter bound, inclusive", { exclusiveMinimum: 0, minimum: 1 }, { minimum: 1 }],
  [
    "bounds of both sides",
    { minimum: 1, maximum: 9, exclusiveMaximum: 5 },
    { minimum: 1, maximum: 5, exclusiveMaximum: true },
  ],
  ["nothing required", { required: [] }, {}],
  [
    "if, then, else",
    { if: { required: ["a"] }, then: { required: ["b"] }, else: false },
    {
      allOf: [
        { anyOf: [{ not: { required: ["a"] } }, { required: ["b"] }] },
        { anyOf: [{ required: ["a"] }, { not: {} }] },
      ],
    },
  ],
  ["then without if", { then: { required: ["a"] } }, {}],
  [
    "a property that needs another",
    { dependentRequired: { a: ["b"] } },
    { allOf: [{ anyOf: [{ not: { type: "object", required: ["a"] } }, { required: ["b"] }] }] },
  ],
  [
    "a property that changes the rest",
    { dependentSchemas: { a: { const: 1 } } },
    { allOf: [{ anyOf: [{ not: { type: "object", required: ["a"] } }, { type: "integer", enum: [1] }] }] },
  ],
  [
    "an item that has to be there",
    { type: "array", items: {}, contains: { const: 1 } },
    {
      type: "array",
      items: {},
      allOf: [{ not: { type: "array", items: { not: { type: "integer", enum: [1] } } } }],
    },
  ],
  ["unevaluated properties that are additional", { unevaluatedProperties: false }, { additionalProperties: false }],
  ["unevaluated properties that may be", { allOf: [], unevaluatedProperties: true }, { allOf: [] }],
  [
    "unevaluated items that are all",
    { type: "array", unevaluatedItems: { $ref: ref } },
    { type: "array", items: { $ref: ref } },
  ],
  [
    "bytes",
    { type: "string", contentMediaType: "image/png" },
    { type: "string", format: "binary", "x-contentMediaType": "image/png" },
  ],
  [
    "bytes as text",
    { type: "string", contentMediaType: "image/png", contentEncoding: "base64" },
    { type: "string", "x-contentMediaType": "image/png", format: "byte", "x-contentEncoding": "base64" },
  ],
  ["a remark", { $comment: "c" }, { "x-comment": "c" }],
  [
    "properties named like keywords",
    { properties: { const: { const: 1 } } },
    { properties: { const: { type: "integer", enum: [1] } } },
  ],
  [
    "values that look like schemas",
    { default: { const: 1 }, enum: [{ const: 1 }] },
    { default: { const: 1 }, enum: [{ const: 1 }] },
  ],
])("%s", (_, given, want) => {
  const { schema, refusals } = convert(given);
  expect(schema).toEqual(want);
  expect(refusals).toEqual([]);
});

test.each<[string, unknown, string]>([
  [
    "patternProperties",
    { properties: { a: { patternProperties: {} } } },
    '#/s/properties/a/patternProperties: "patternProperties"',
  ],
  ["prefixItems", { items: { prefixItems: [] } }, '#/s/items/prefixItems: "prefixItems"'],
  ["unevaluatedProperties beside others", { allOf: [], unevaluatedProperties: false }, "#/s/unevaluatedProperties"],
  ["how often an item has to be there", { contains: {}, minContains: 2 }, "#/s/minContains"],
  ["schemas within", { $defs: {} }, "#/s/$defs"],
  ["an unknown keyword", { anyOf: [{}, { nullable: true }] }, '#/s/anyOf/1/nullable: "nullable"'],
  ["a keyword named as what every object has", { constructor: 1 }, '#/s/constructor: "constructor"'],
  ["no schema", { items: ["a"] }, '#/s/items: ["a"] is not a schema'],
  ["a place in another schema", { $ref: `${ref}/properties/a` }, "is not a component"],
  ["a path in a pointer", { properties: { "a/b": { $id: "a" } } }, "#/s/properties/a~1b/$id"],
])("refuses %s, and says where", (_, given, want) => {
  const { refusals } = convert(given);
  expect(refusals.map(({ pointer, found }) => `${pointer}: ${found}`)).toEqual([expect.stringContaining(want)]);
});

function convert(given: unknown): { schema: Schema; refusals: Refusal[] } {
  const refusals: Refusal[] = [];
  return { schema: schema30(given, { pointer: "#/s", refusals }), refusals };
}
