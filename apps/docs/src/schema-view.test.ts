import { expect, test } from "vitest";
import type { Document, Schema } from "./openapi.ts";
import { schemaView } from "./schema-view.ts";

test("a schema that contains itself ends where it repeats", () => {
  const text = textOf({ Message: { properties: { body: { type: "string" }, edit: ref("Message") } } }, ref("Message"));
  expect(text).toBe("body string edit object As Message above.");
});

test("a field says its versions, its limits and whether it is needed", () => {
  const field: Schema = {
    type: "string",
    description: "What *this* is.",
    maxLength: 255,
    default: "a",
    "x-addedInMatrixVersion": "1.2",
    "x-changedInMatrixVersion": ["1.3", "1.4"],
    "x-deprecatedInMatrixVersion": "1.5",
    deprecated: true,
    "x-extensible-enum": ["a", "b"],
  };
  expect(textOf({}, { properties: { field }, required: ["field"] })).toBe(
    "field string required Since v1.2 Changed in v1.3 Changed in v1.4 Deprecated since v1.5 " +
      'What this is. Default "a". One of a, b or another. At most 255 characters.',
  );
});

test("an open union shows what is known and that there may be more, and fields that must be absent are left out", () => {
  const union: Schema = {
    anyOf: [
      { properties: { kind: { const: "a" }, value: { type: "integer" } } },
      { properties: { kind: { type: "string", not: { const: "a" } } } },
      { properties: { kind: { not: {} }, name: { type: "string" } } },
    ],
  };
  expect(textOf({}, union)).toBe(
    'kind is "a" kind "a" value integer any other kind kind string Anything but a. no kind name string',
  );
});

test("what each value of a list may be stands at the list", () => {
  const list: Schema = { type: "array", items: ref("Use") };
  expect(textOf({ Use: { "x-extensible-enum": ["a", "b"] } }, { properties: { list } })).toBe(
    "list array of Use Each: One of a, b or another.",
  );
  expect(textOf({ Use: { enum: ["a"] } }, { properties: { list } })).toBe("list array of Use Each: One of a.");
});

test("maps lead to what is in them", () => {
  const map: Schema = { additionalProperties: { type: "array", items: ref("Device") } };
  expect(textOf({ Device: { properties: { id: { type: "string" } } } }, { properties: { devices: map } })).toBe(
    "devices map from string to array of Device Device id string",
  );
});

function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

function textOf(schemas: Readonly<Record<string, Schema>>, schema: Schema): string {
  const document: Document = { info: { title: "", version: "" }, paths: {}, components: { schemas } };
  return schemaView(document, schema)
    .html.replaceAll(/<[^>]*>/g, " ")
    .replaceAll("&#34;", '"')
    .replaceAll("&quot;", '"')
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ (?=[.,])/g, "")
    .trim();
}
