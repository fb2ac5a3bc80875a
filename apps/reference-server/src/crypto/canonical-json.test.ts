import type { JsonValue } from "@matrix-openapi/server";
import { expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

test.each<[string, JsonValue, string]>([
  ["an empty object", {}, "{}"],
  ["keys in order, nothing between", { two: "Two", one: 1 }, '{"one":1,"two":"Two"}'],
  ["nested", { b: { d: [true, null, "x"], c: -0 }, a: [] }, '{"a":[],"b":{"c":0,"d":[true,null,"x"]}}'],
  [
    "no escapes but the needed ones",
    { a: "日本\u2028/\u007f", b: '"\\\n\u0001' },
    '{"a":"日本\u2028/\u007f","b":"\\"\\\\\\n\\u0001"}',
  ],
  ["code points, not UTF-16 units", { "\u{1f600}": 1, "\uff61": 2 }, '{"\uff61":2,"\u{1f600}":1}'],
  ["a key before its own continuation", { ab: 1, a: 2 }, '{"a":2,"ab":1}'],
  ["keys that look like numbers", { 10: 1, 9: 2 }, '{"10":1,"9":2}'],
  ["the largest integers", [2 ** 53 - 1, -(2 ** 53) + 1], "[9007199254740991,-9007199254740991]"],
  ["__proto__ as a key like any other", JSON.parse('{"__proto__": {"a": 1}}') as JsonValue, '{"__proto__":{"a":1}}'],
])("%s", (_name, value, expected) => {
  expect(canonicalJson(value)).toBe(expected);
});

test.each<[unknown, string]>([
  [{ a: [1.5] }, "$.a[0] is 1.5; canonical JSON has integers"],
  [2 ** 53, "$ is 9007199254740992"],
  [{ a: Number.NaN }, "$.a is NaN"],
  [{ a: "\ud800" }, "$.a holds half a surrogate pair"],
  [{ a: 1n }, "$.a is bigint"],
])("refuses %o by its place", (value, message) => {
  // wrong on purpose
  expect(() => canonicalJson(value as JsonValue)).toThrow(message);
});
