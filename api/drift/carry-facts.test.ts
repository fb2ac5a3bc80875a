import { expect, test } from "vitest";
import { carriedFacts, carryFacts } from "./carry-facts.ts";
import { keyedFacts, listedFacts } from "./keyed-facts.ts";
import type { JsonObject } from "./json.ts";

const keyed = (facts: JsonObject): JsonObject => keyedFacts(facts) as JsonObject; // an object in, an object out
const upstream = keyed({
  operations: [
    { operationId: "a", auth: "wrong" },
    { operationId: "new", auth: "wrong" },
  ],
});
const ours = keyed({
  operations: [
    { operationId: "a", auth: "right", hint: 1 },
    { operationId: "gone", hint: 2 },
  ],
});
const carry = (fact: object): JsonObject => {
  const { facts, reports } = carryFacts(upstream, ours, [{ why: "the text", at: [], ...fact }]);
  return { ...(listedFacts(facts) as JsonObject), reports }; // an object in, an object out
};

test("a value is taken over where both sides have the thing", () => {
  expect(carry({ at: ["operations", "*", "hint"] })).toMatchObject({
    operations: [
      { operationId: "a", auth: "wrong", hint: 1 },
      { operationId: "new", auth: "wrong" },
    ],
    reports: [{ taken: 1, changed: [] }],
  });
});

test("a correction holds for as long as upstream says what was corrected", () => {
  const at = ["operations", "a", "auth"];
  expect(carry({ at, was: "wrong" })).toMatchObject({ operations: [{ auth: "right" }, {}], reports: [{ taken: 1 }] });
  expect(carry({ at, was: "older" })).toMatchObject({
    operations: [{ auth: "wrong" }, {}],
    reports: [{ taken: 0, changed: ["wrong"] }],
  });
});

test("what we do not have is taken away", () => {
  expect(carry({ at: ["operations", "a", "auth"], was: "wrong" })).toMatchObject({
    operations: [{ auth: "right" }, {}],
  });
  const { facts } = carryFacts(keyed({ a: { b: 1, c: 2 } }), keyed({ a: { b: 1 } }), [
    { why: "", at: ["a", "c"], was: 2 },
  ]);
  expect(facts).toEqual({ a: { b: 1 } });
});

test("each of ours gives its reason and a place", () => {
  for (const { why, at } of carriedFacts()) {
    expect(why).not.toBe("");
    expect(at.length).toBeGreaterThan(1);
  }
});
