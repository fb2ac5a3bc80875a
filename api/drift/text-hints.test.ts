import { expect, test } from "vitest";
import { textHints } from "./text-hints.ts";

test.each([
  ["Defaults to `private`.", "private"],
  ["Defaults to 10.", 10],
  ["The default is `false`.", false],
  ['By default, this is `"rank"`.', "rank"],
  ["Optional (default `b`) direction.", "b"],
  ["`content` (the default) or `event`.", "content"],
  ["The key. Defaults to an empty\nstring.", ""],
  ["Defaults to the local server.", undefined],
  ["The default rules of the server.", undefined],
])("%s", (description, want) => {
  expect(textHints({ description }).defaultInText).toEqual(want);
});

test("a default in the schema is the one that counts", () => {
  expect(textHints({ description: "Defaults to `a`.", default: "b" })).toEqual({});
});

test("a string's default stays a string", () => {
  expect(textHints({ type: "string", description: 'Defaults to `"1"`.' })).toEqual({ defaultInText: "1" });
});

test("characters and a length in the text make a pattern", () => {
  const description = "Has the characters `[a-z]`. Must not exceed 8 characters and must not be empty.";
  expect(textHints({ description })).toEqual({ patternInText: "^[a-z]{1,8}$" });
});

test("conditions and groups of fields", () => {
  const properties = {
    always: { description: "Required if asked." },
    sometimes: { description: "Of the device. **Required** if `x` is set." },
    other: { description: "A level required to speak." },
    a: { description: "At least one of `a` or `b` is required." },
    b: { description: "At least one of `a` or `b` is required." },
  };
  expect(textHints({ properties, required: ["always"] })).toEqual({
    requiredSometimes: ["sometimes"],
    requiredOneOf: [["a", "b"]],
  });
});
