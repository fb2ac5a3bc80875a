import { describe, expect, test } from "vitest";
import { shownId, shownName } from "./strangers-words.ts";

describe("a stranger's name", () => {
  test.each([
    ["Alice", "Alice"],
    ["Dr. Bob, B. Sc.", "Dr. Bob, B. Sc."],
    ["Zoë  O’Neill", "Zoë O’Neill"],
    ["花园 🌷", "花园 🌷"],
    ["Cats: the room", "Cats: the room"],
  ])("%s stays %s", (name, shown) => {
    expect(shownName(name)).toBe(shown);
  });

  test.each([
    "https://evil.example",
    "HTTPS:evil",
    "//evil",
    "evil.example",
    "evil.example/path",
    "(evil.example)",
    "evil。example",
    "mail@evil.example",
    "mailto:evil",
    "javascript:alert(1)",
    "\u202E\u0007\n",
    "",
  ])("cannot be %j", (name) => {
    expect(shownName(name)).toBeUndefined();
    expect(shownName(`Alice ${name} Bob`)).toBe("Alice Bob");
  });

  test("cannot be longer than a name, even one of a million characters without a space", () => {
    expect(shownName("a".repeat(1_000_000))).toBe(`${"a".repeat(99)}…`);
    expect([...(shownName("🌷".repeat(1000)) ?? "")]).toHaveLength(100);
  });
});

test.each([
  ["@alice.b:example.org", true],
  ["!cURbafjkfsMDVwdRDQ:example.org", true],
  ["!31hneApxJ_1o-63DmFrpeqnkFfWppnzWso1JvH3ogLM", true],
  ["#garden:[::1]:8448", true],
  ["!Log in at https://evil.example/:example.org", false],
  ["@evil.example/login:example.org", false],
  ["#www.evil.example:example.org", false],
  [`!${"a".repeat(200)}:example.org`, false],
])("of the ID %s it is %s that it may be shown", (id, isShown) => {
  expect(shownId(id)).toBe(isShown ? id : undefined);
});
