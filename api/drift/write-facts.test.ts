import { expect, test } from "vitest";
import { inOurOrder, writeFacts } from "./write-facts.ts";

test("keys come as we have them, new ones where they belong", () => {
  const ours = { title: "A", type: "object", required: ["a"], properties: { a: {}, type: {} } };
  const upstream = {
    properties: { type: {}, a: {}, m: { enum: [1], type: "string" } },
    type: "object",
    addedIn: "1.20",
    title: "A",
  };
  expect(JSON.stringify(inOurOrder(upstream, ours))).toBe(
    '{"title":"A","type":"object","addedIn":"1.20","properties":{"a":{},"m":{"type":"string","enum":[1]},"type":{}}}',
  );
});

test("sorted names stay sorted", () => {
  expect(Object.keys(inOurOrder({ c: 1, a: 1, b: 1 }, { a: 1, c: 1 }) as object)).toEqual(["a", "b", "c"]);
});

test("what fits into a line stands on one, and statuses are in the order of their text", () => {
  const long = "x".repeat(100);
  expect(writeFacts({ "200": [], "404": { a: long }, "3XX": [long, { b: [1, 2] }] })).toBe(`{
 "200": [],
 "3XX": [
  "${long}",
  {"b": [1, 2]}
 ],
 "404": {"a": "${long}"}
}
`);
});
