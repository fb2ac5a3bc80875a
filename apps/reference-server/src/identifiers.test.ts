import { expect, test } from "vitest";
import { isUserId, serverNameOf } from "./identifiers.ts";

test.each([
  ["@alice:example.org", "example.org"],
  ["@alice:[::1]:8448", "[::1]:8448"],
  ["@:example.org:8448", "example.org:8448"],
])("the server of %s is %s", (userId, name) => {
  expect(serverNameOf(userId)).toBe(name);
  expect(isUserId(userId)).toBe(true);
});

test.each([
  "alice:example.org",
  "@alice",
  "@alice:",
  "@alice:example.org/path",
  "@alice:user@example.org",
  `@${"ä".repeat(122)}:example.org`,
])("%s is no user ID", (text) => {
  expect(isUserId(text)).toBe(false);
});
