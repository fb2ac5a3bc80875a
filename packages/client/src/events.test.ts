import { readFile } from "node:fs/promises";
import { eventTypes } from "@matrix-openapi/definitions/events";
import { describe, expect, test } from "vitest";
import { isEvent, isStateEvent, type MatrixEvent } from "./events.ts";
import { answer } from "./fixtures/bot-example.ts";

const content = {};

describe("isEvent", () => {
  test.each<[string, MatrixEvent, Parameters<typeof isEvent>[1], boolean]>([
    ["a message", { type: "m.room.message", content }, "m.room.message", true],
    ["another type", { type: "m.sticker", content }, "m.room.message", false],
    ["a message as state", { type: "m.room.message", state_key: "", content }, "m.room.message", false],
    ["state", { type: "m.room.name", state_key: "", content }, "m.room.name", true],
    ["a message that calls itself state", { type: "m.room.name", content }, "m.room.name", false],
    ["state that there is one of, with a key", { type: "m.room.name", state_key: "x", content }, "m.room.name", false],
    ["state of a user", { type: "m.room.member", state_key: "@bob:example.org", content }, "m.room.member", true],
    ["account data", { type: "m.tag", content }, "m.tag", true],
    ["one's own type", { type: "org.example.bed", state_key: "3", content }, "org.example.bed", true],
    ["a free ending", { type: "m.secret_storage.key.abc", content }, "m.secret_storage.key.abc", true],
    ["what every object has", { type: "toString", content }, "toString" as "m.tag", true],
  ])("%s", (_, event, type, expected) => {
    expect(isEvent(event, type)).toBe(expected);
  });
});

test("isStateEvent wants a state key, of one's own types too", () => {
  expect(isStateEvent({ type: "org.example.bed", content }, "org.example.bed")).toBe(false);
  expect(isStateEvent({ type: "org.example.bed", state_key: "3", content }, "org.example.bed")).toBe(true);
  expect(isStateEvent({ type: "m.room.name", state_key: "x", content }, "m.room.name")).toBe(false);
});

test("the table of event types cannot be changed", () => {
  expect(eventTypes["m.room.member"]).toMatchObject({ kinds: ["state"], stateKey: "user_id" });
  expect(Object.isFrozen(eventTypes["m.room.member"].kinds)).toBe(true);
});

test.each([
  ["../README.md", "./fixtures/bot-example.ts"],
  ["../../definitions/README.md", "./fixtures/event-types.ts"],
  ["../../definitions/README.md", "./fixtures/own-events.ts"],
])("%s shows %s, which is compiled", async (readme, example) => {
  const code = await readFile(new URL(example, import.meta.url), "utf8");
  const shown = code.replace(/^import "\..*\n/m, "");
  expect(await readFile(new URL(readme, import.meta.url), "utf8")).toContain(`\`\`\`ts\n${shown}\`\`\``);
});

test("the README's bot answers", () => {
  const said = (more: object): MatrixEvent => ({ type: "m.room.message", content: more });
  expect(answer(said({ msgtype: "m.text", body: "!water" }))).toBe("The beds are wet.");
  expect(answer(said({ msgtype: "org.example.harvest", body: "Beans", grams: 300 }))).toBe("300 g!");
  expect(answer(said({ msgtype: "org.example.unknown" }))).toBeUndefined();
  expect(answer({ type: "m.room.member", state_key: "@bob:example.org", content: { membership: "join" } })).toContain(
    "@bob:example.org",
  );
});
