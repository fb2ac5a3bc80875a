import { describe, expect, test } from "vitest";
import { isComplete, nextStages, toFlows } from "./flows.ts";

const flows = toFlows([["a", "b", "c"], ["a", "d"], ["e"]]);
const after = (...types: string[]) => ({
  flows,
  completed: types.map((type) => ({ type, evidence: null, userId: null })),
});

describe("progress through flows", () => {
  test.each([
    [[], ["a", "e"], false],
    [["a"], ["b", "d"], false],
    [["a", "b"], ["c"], false],
    [["a", "d"], [], true],
    [["e"], [], true],
    [["b"], [], false],
  ])("after %j", (types, next, complete) => {
    expect([...nextStages(after(...types))]).toEqual(next);
    expect(isComplete(after(...types))).toBe(complete);
  });
});

describe("toFlows", () => {
  test.each<[string, string[][]]>([
    ["no flow", []],
    ["a flow without a stage", [[]]],
    ["the same stage twice", [["a", "a"]]],
    ["rule 34: a prefix of another flow", [["a", "b"], ["a"]]],
    ["rule 34: the same flow twice", [["a"], ["a"]]],
  ])("refuses %s", (_, lists) => expect(() => toFlows(lists)).toThrow(/flow/));
});
