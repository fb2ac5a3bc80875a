import { expect, test } from "vitest";
import { passes } from "./event-filter.ts";

const event = { type: "m.room.message", sender: "@a:x", roomId: "!r:x", content: { url: "mxc://x/y" } };

test.each([
  [{}, true],
  [{ types: [] }, false],
  [{ types: ["m.room.message"] }, true],
  [{ types: ["m.room.*"] }, true],
  [{ types: ["*"] }, true],
  [{ types: ["*.message"] }, true],
  [{ types: ["m.*.message"] }, true],
  [{ types: ["m*room*mess*e"] }, true],
  [{ types: ["m.room.message*message"] }, false],
  [{ types: ["m?room?message"] }, false],
  [{ types: ["m.room"] }, false],
  [{ types: ["*"], not_types: ["m.room.*"] }, false],
  [{ senders: ["@a:x"] }, true],
  [{ senders: ["@a:x"], not_senders: ["@a:x"] }, false],
  [{ rooms: ["!other:x"] }, false],
  [{ not_rooms: ["!r:x"] }, false],
  [{ contains_url: true }, true],
  [{ contains_url: false }, false],
])("%o", (filter, isPassed) => {
  expect(passes(filter)(event)).toBe(isPassed);
});

test("a pattern with many stars takes no longer than others", () => {
  const types = [`${"*a".repeat(200)}b`];
  expect(passes({ types })({ ...event, type: "a".repeat(10_000) })).toBe(false);
});
