import { expect, test } from "vitest";
import type { Document, Schema } from "./openapi.ts";
import { hasParts, markOf, shapeOf, typeName, variantsOf } from "./schema-shape.ts";

const schemas: Readonly<Record<string, Schema>> = {
  UserId: { type: "string", description: "A user." },
  Null: { type: "null" },
  Base: { type: "object", required: ["a"], properties: { a: { type: "string" } } },
  More: { allOf: [{ $ref: "#/components/schemas/Base" }, { required: ["b"], properties: { b: { type: "integer" } } }] },
  Text: { type: "object", properties: { msgtype: { const: "m.text" } } },
  Other: { type: "object", properties: { msgtype: { type: "string", not: { enum: ["m.text"] } } } },
  Bare: { type: "object", properties: { msgtype: { not: {} }, body: { type: "string" } } },
  Known: { oneOf: [{ $ref: "#/components/schemas/Text" }] },
  Open: { anyOf: [{ $ref: "#/components/schemas/Known" }, { $ref: "#/components/schemas/Other" }] },
};
const document: Document = { info: { title: "", version: "" }, paths: {}, components: { schemas } };
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

test("what stands beside a reference stands over what it refers to", () => {
  expect(shapeOf(document, { ...ref("UserId"), description: "The sender." })).toEqual({
    type: "string",
    description: "The sender.",
  });
});

test("the parts of allOf are one object", () => {
  expect(shapeOf(document, ref("More"))).toEqual({
    type: "object",
    required: ["a", "b"],
    properties: { a: { type: "string" }, b: { type: "integer" } },
  });
});

test("unions in unions are one union, and unions that only ask for fields are none", () => {
  expect(variantsOf(document, ref("Open"))).toEqual([ref("Text"), ref("Other")]);
  expect(variantsOf(document, { properties: { a: {} }, anyOf: [{ required: ["a"] }] })).toEqual([]);
});

test("forms are told by a value, by any other, or by none", () => {
  expect(["Text", "Other", "Bare", "Base"].map((name) => markOf(document, ref(name)))).toEqual([
    { field: "msgtype", value: "m.text", is: "equal" },
    { field: "msgtype", is: "other" },
    { field: "msgtype", is: "absent" },
    undefined,
  ]);
});

test.each<[Schema, string]>([
  [{ const: "a" }, '"a"'],
  [{ enum: ["a", "b"] }, '"a" | "b"'],
  [{ anyOf: [{ type: "string" }, ref("Null")] }, "string | null"],
  [ref("Open"), "one of 2 forms"],
  [{ type: "array", items: ref("UserId") }, "array of UserId"],
  [
    { type: "object", propertyNames: ref("UserId"), additionalProperties: { type: "array", items: ref("Base") } },
    "map from UserId to array of Base",
  ],
  [{ type: "object", additionalProperties: { type: "integer" } }, "map from string to integer"],
  [ref("More"), "object"],
  [{}, "anything"],
])("%j is called %s", (schema, name) => {
  expect(typeName(document, schema)).toBe(name);
});

test("what unfolds has fields, in lists, maps and unions, too", () => {
  const map = { type: "object", additionalProperties: ref("Base") };
  expect([ref("Base"), map, { type: "array", items: map }, ref("Open")].map((one) => hasParts(document, one))).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect([ref("UserId"), { anyOf: [ref("UserId"), ref("Null")] }].map((one) => hasParts(document, one))).toEqual([
    false,
    false,
  ]);
});
