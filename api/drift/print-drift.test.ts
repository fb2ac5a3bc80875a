import { expect, test } from "vitest";
import { diffFacts } from "./diff-facts.ts";
import { keyedFacts } from "./keyed-facts.ts";
import type { JsonObject } from "./json.ts";
import { printDrift, type OperationNames } from "./print-drift.ts";

const field = (name: string, schema: JsonObject): JsonObject => ({
  content: { "application/json": { type: "object", properties: { [name]: schema } } },
});
const ours = {
  "client-server": {
    counts: { operations: 3 },
    operations: [
      { operationId: "gone" },
      {
        operationId: "sync",
        params: [{ name: "since", in: "query", type: "string" }],
        responses: { 200: field("next", { type: "string" }) },
      },
    ],
  },
  events: { events: [{ type: "m.old", kinds: ["state"], content: field("a", { enum: ["x", "y"] }) }] },
};
const upstream = {
  "client-server": {
    counts: { operations: 4 },
    operations: [
      { operationId: "fresh" },
      {
        operationId: "sync",
        params: [
          { name: "since", in: "query", type: "integer" },
          { name: "full", in: "query", type: "boolean" },
        ],
        responses: { 200: field("next", { type: "string", addedIn: "1.20" }) },
      },
    ],
  },
  events: {
    events: [
      { type: "m.new", kinds: [], content: {} },
      { type: "m.old", kinds: ["state"], content: field("a", { enum: ["x", "z"] }) },
    ],
  },
};
const names: OperationNames = new Map([
  ["fresh", "GET /fresh"],
  ["gone", "GET /gone"],
  ["sync", "GET /sync"],
]);
const report = (one: unknown, other: unknown): string =>
  printDrift(
    { ours: "v1.19", upstream: "v1.20", differences: diffFacts(keyedFacts(one), keyedFacts(other)), carried: [] },
    names,
  );

test("what was added, removed and changed, thing by thing", () => {
  expect(report(ours, upstream)).toBe(`matrix-spec v1.20 beside our facts of v1.19: 7 facts differ.

Client-Server API
  + GET /fresh (fresh)
  - GET /gone (gone)
  ~ GET /sync (sync)
      query full: added {"name":"full","in":"query","type":"boolean"}
      query since type: "string" → "integer"
      200.next addedIn: added "1.20"

Events
  + m.new, whose kind only the text tells
  ~ m.old
      a enum: +"z" -"y"

Not extracted but taken over from our facts; read the changelog for them (content/changelog/v1.20.md):
`);
});

test("nothing differs between equals", () => {
  expect(report(ours, ours)).toContain("nothing differs.");
});

test("a change in a shared schema is told once", () => {
  const side = (type: string): JsonObject => ({
    events: {
      events: ["a", "b", "c", "d"].map((name) => ({ type: name, kinds: ["state"], content: field("body", { type }) })),
    },
  });
  const text = report(side("string"), side("integer"));
  expect(text).toContain(`The same in many places
  ~ body type: "string" → "integer"
      4 places, in a, b, c, d
`);
  expect(text).not.toContain("\nEvents\n");
});

test("it says where a correction of ours has been overtaken, and what it did not read", () => {
  const text = printDrift(
    {
      ours: "v1.19",
      upstream: "v1.20",
      differences: [],
      carried: [
        { why: "the text says so", at: ["uia", "status"], taken: 1, changed: [] },
        { why: "wrong in the data", at: ["a", "b"], was: 1, taken: 0, changed: [2] },
      ],
    },
    names,
  );
  expect(text).toContain("  the text says so\n      uia > status\n");
  expect(text).toContain("our correction still holds:\n  a > b: 1 → 2\n");
});
