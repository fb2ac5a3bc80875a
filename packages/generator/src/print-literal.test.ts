import { expect, test } from "vitest";
import { printLiteral } from "./print-literal.ts";

test.each<[unknown, string]>([
  [null, "null"],
  ['a "b"\n', '"a \\"b\\"\\n"'],
  [[], "[]"],
  [{}, "{}"],
  [{ a: 1, 200: ["x"], "b-c": true, "007": false }, '{ 200: ["x"], a: 1, "b-c": true, "007": false }'],
])("%j on one line", (value, printed) => {
  expect(printLiteral(value)).toBe(printed);
});

test("breaks what is too long, and nothing else", () => {
  expect(printLiteral({ short: [1, 2], long: ["a".repeat(30), "b".repeat(30)] })).toBe(
    `{\n  short: [1, 2],\n  long: [\n    "${"a".repeat(30)}",\n    "${"b".repeat(30)}",\n  ],\n}`,
  );
});

test("prints what reads back as the same", () => {
  const value = { __proto__x: "\u2028", "": [{ a: null }, -1.5], nested: { deep: { deeper: ["x".repeat(80)] } } };
  expect(JSON.parse(JSON.stringify(Function(`return ${printLiteral(value)}`)()))).toEqual(value);
});
