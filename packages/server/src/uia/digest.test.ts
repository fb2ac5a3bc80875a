import { describe, expect, test } from "vitest";
import { bodyDigest, targetOf } from "./digest.ts";

describe("bodyDigest", () => {
  test.each<[string, unknown, unknown]>([
    ["the order of keys", { a: 1, b: { c: 1, d: 2 } }, { b: { d: 2, c: 1 }, a: 1 }],
    ["auth", { a: 1, auth: { session: "x" } }, { a: 1, auth: { session: "y" } }],
    ["whether there is a body", undefined, {}],
  ])("does not depend on %s", async (_, one, other) => expect(await bodyDigest(one)).toBe(await bodyDigest(other)));

  test.each<[string, unknown, unknown]>([
    ["values", { a: 1 }, { a: 2 }],
    ["types", { a: 1 }, { a: "1" }],
    ["the order of arrays", { a: [1, 2] }, { a: [2, 1] }],
    ["auth further in", { a: { auth: 1 } }, { a: { auth: 2 } }],
    ["where a string ends", { a: 'x","b":"y' }, { a: "x", b: "y" }],
  ])("depends on %s", async (_, one, other) => expect(await bodyDigest(one)).not.toBe(await bodyDigest(other)));
});

test("targetOf tells parameters of the path from those of the query", () => {
  expect(targetOf({ path: { a: "1" }, query: {} })).not.toBe(targetOf({ path: {}, query: { a: "1" } }));
});
