import { describe, expect, test } from "vitest";
import { compareSchemas } from "./compare-schemas.ts";
import type { Schema } from "./schema.ts";

type Case = [name: string, fact: Schema, ours: Schema, found: string[]];

const string: Schema = { type: "string" };
const object = (properties: Record<string, Schema>, more: Schema = {}): Schema => ({
  type: "object",
  properties,
  ...more,
});

describe("what is lost or other is found", () => {
  test.each<Case>([
    ["a field", object({ a: string }), object({ b: string }), ["it.a missing", "it.b extra"]],
    ["a field further down", object({ a: object({ b: string }) }), object({ a: object({}) }), ["it.a.b missing"]],
    [
      "a field of items",
      { type: "array", items: object({ a: string }) },
      { type: "array", items: object({}) },
      ["it.[].a missing"],
    ],
    ["the items", { type: "array", items: string }, { type: "array" }, ["it.[] missing"]],
    ["a field of a map's values", map(object({ a: string })), map(object({})), ["it.{}.a missing"]],
    ["the values of a map", map(string), object({ a: string }), ["it.{} missing"]],
    ["what the keys are", { type: "object", patternProperties: { "^@": string } }, map(string), ["it.{} format"]],
    ["a type", string, { type: "integer" }, ["it type"]],
    ["any type", string, {}, ["it type"]],
    ["one type of two", { type: ["object", "string"] }, string, ["it type"]],
    ["a type too many", string, { anyOf: [string, { type: "boolean" }] }, ["it type"]],
    ["an integer", { type: "integer" }, { type: "number" }, ["it type"]],
    ["required", object({ a: string }, { required: ["a"] }), object({ a: string }), ["it.a required"]],
    ["optional", object({ a: string }), object({ a: string }, { required: ["a"] }), ["it.a required"]],
    ["one of two", object({ a: string }, { requiredOneOf: [["a", "b"]] }), object({ a: string }), ["it required"]],
    ["an enum", { ...string, enum: ["a", "b"] }, string, ["it enum"]],
    ["a value of an enum", { ...string, enum: ["a", "b"] }, { ...string, enum: ["a"] }, ["it enum"]],
    ["a value too many", { ...string, enum: ["a"] }, { ...string, "x-extensible-enum": ["a", "b"] }, ["it enum"]],
    ["a format", { ...string, format: "uri" }, string, ["it format"]],
    ["another format", { ...string, format: "mx-user-id" }, { ...string, format: "mx-room-id" }, ["it format"]],
    ["a pattern", { ...string, patternInText: "^[a-z]+$" }, string, ["it format"]],
    ["a bound", { ...string, maxLength: 50 }, { ...string, maxLength: 60 }, ["it bounds"]],
    ["a default", { ...string, defaultInText: "b" }, string, ["it default"]],
    ["a default too many", string, { ...string, default: "b" }, ["it default"]],
    ["a deprecation", { ...string, deprecated: true }, string, ["it value"]],
    ["a version", { ...string, addedIn: "1.4" }, string, ["it version"]],
    ["a version too many", string, { ...string, "x-addedInMatrixVersion": "1.4" }, ["it version"]],
    [
      "a change",
      { ...string, changedIn: ["1.4"] },
      { ...string, "x-changedInMatrixVersion": ["1.4", "1.5"] },
      ["it version"],
    ],
  ])("%s", (_, fact, ours, found) => expect(find(fact, ours)).toEqual(found));
});

describe("what is only more precise is not", () => {
  test.each<[name: string, fact: Schema, ours: Schema]>([
    ["fields of an open object", { type: "object" }, object({ a: string })],
    [
      "fields of an object that may have others",
      object({ a: string }, { additionalProperties: {} }),
      object({ a: string, b: string }),
    ],
    ["a type where any will do", {}, string],
    ["an integer", { type: "number" }, { type: "integer" }],
    ["a constant", { ...string, enum: ["a"] }, { const: "a" }],
    ["an enum that may grow", { ...string, enum: ["a"] }, { ...string, "x-extensible-enum": ["a"] }],
    ["an enum of its own", string, { ...string, enum: ["a"] }],
    ["a format of its own", string, { ...string, format: "mx-user-id" }],
    ["a content URI", { ...string, format: "uri" }, { ...string, format: "mx-mxc-uri" }],
    ["bounds", { type: "integer" }, { type: "integer", minimum: 0, maximum: 9 }],
    ["a condition", object({ a: string }, { requiredSometimes: ["a"] }), object({ a: string }, { required: ["a"] })],
    [
      "both of one of two",
      object({ a: string }, { requiredOneOf: [["a", "b"]], required: ["a"] }),
      object({ a: string }, { required: ["a"] }),
    ],
    [
      "a version of what is no older",
      object({ a: { ...string, addedIn: "1.2" } }, { addedIn: "1.10" }),
      object({ a: string }, { "x-addedInMatrixVersion": "1.10" }),
    ],
    ["a field that must be absent", object({ a: string }), object({ a: string, b: { not: {} } })],
  ])("%s", (_, fact, ours) => expect(find(fact, ours)).toEqual([]));
});

describe("a union", () => {
  const union = (...oneOf: Schema[]): Schema => ({ oneOf });
  test("has the fields of all its forms, and requires what all of them do", () => {
    const fact = object({ type: { ...string, enum: ["a", "b"] }, a: string, b: string }, { required: ["type"] });
    const a = object({ type: { const: "a" }, a: string }, { required: ["type", "a"] });
    const b = object({ type: { const: "b" }, b: string }, { required: ["type", "b"] });
    expect(find(fact, union(a, b))).toEqual([]);
    expect(find(fact, union(a, object({ type: { const: "b" } })))).toEqual(["it.type required", "it.b missing"]);
  });

  test("is as old as its oldest form", () => {
    const versioned = { ...string, "x-addedInMatrixVersion": "1.2" };
    expect(find(string, union(string, versioned))).toEqual([]);
    expect(
      find({ ...string, addedIn: "1.2" }, union(versioned, { ...versioned, "x-addedInMatrixVersion": "1.3" })),
    ).toEqual([]);
  });

  test("takes what stands beside it", () => {
    const beside = {
      ...object({ common: string }, { required: ["common"] }),
      oneOf: [object({ a: string }), object({ b: string })],
    };
    const fact = object({ common: string, a: string, b: string }, { required: ["common"] });
    expect(find(fact, beside)).toEqual([]);
  });
});

test("schemas that refer to themselves end", () => {
  const tree: Schema = { $ref: "tree", anyOf: [] };
  const trees: Schema = { anyOf: [{ $ref: "tree" }, object({ child: { $ref: "tree" } })] };
  const follow = <T extends { readonly $ref?: string }>(node: T): T => (node.$ref === "tree" ? (trees as T) : node); // the only $ref here
  expect(
    compareSchemas(object({ child: object({ child: { type: "object" } }) }), [tree], { at: "it", follow }),
  ).toEqual([]);
});

test("each finding says what both sides have", () => {
  const [finding] = compareSchemas(object({ a: { ...string, addedIn: "1.4" } }), [object({})], {
    at: "it",
    follow: (node) => node,
  });
  expect(finding).toEqual({ at: "it.a", kind: "missing", upstream: "string (addedIn 1.4)", ours: "absent" });
});

function map(values: Schema): Schema {
  return { type: "object", additionalProperties: values };
}

function find(fact: Schema, ours: Schema): string[] {
  return compareSchemas(fact, [ours], { at: "it", follow: (node) => node }).map(({ at, kind }) => `${at} ${kind}`);
}
