import { expect, test } from "vitest";
import type { JsonObject } from "../../json.ts";
import { defaultRules } from "./default-rules.ts";
import { evaluate } from "./evaluate.ts";
import type { PushContext } from "./evaluate.ts";
import type { PushCondition, PushRule, PushRuleset } from "./ruleset.ts";

const alice = "@alice:example.org";
const room = "!room:example.org";

const context: PushContext = { memberCount: 3, senderMayNotify: () => false };

function event(content: JsonObject, more: JsonObject = {}): JsonObject {
  return { event_id: "$event", room_id: room, type: "m.room.message", sender: "@bob:example.org", content, ...more };
}

const text = (body: string, more: JsonObject = {}) => event({ msgtype: "m.text", body, ...more });

function ruleset(given: Partial<PushRuleset>): PushRuleset {
  return { override: [], content: [], room: [], sender: [], underride: [], ...given };
}

function rule(more: Partial<PushRule> = {}): PushRule {
  return { rule_id: "rule", default: false, enabled: true, actions: ["notify"], ...more };
}

const fulfils = (condition: PushCondition, seen: JsonObject, given: Partial<PushContext> = {}) =>
  evaluate(ruleset({ override: [rule({ conditions: [condition] })] }), seen, { ...context, ...given }).notify;

const match = (key: string, pattern: string): PushCondition => ({ kind: "event_match", key, pattern });

test.each([
  // The whole value, whatever the case.
  ["content.topic", "lunc?*", "Lunch plans", true],
  ["content.topic", "lunc?*", "LUNCH", true],
  ["content.topic", "lunc?*", " lunch", false],
  ["content.topic", "lunc?*", "lunc", false],
  ["content.topic", "a*b*c", "aXbXbc", true],
  ["content.topic", "a*b*c", "aXbXcb", false],
  ["content.topic", "*", "", true],
  ["content.topic", "", "", true],
  ["content.topic", "", "x", false],
  ["content.topic", "x.z", "xyz", false],
  ["content.topic", "ÄPFEL", "äpfel", true],
  ["content.topic", "?", "🦊", true],
  ["content.topic", "ab", "abab", false],
  ["content.topic", "*ab", "abab", true],
  // Words of a body.
  ["content.body", "ex*ple", "An example event.", true],
  ["content.body", "ex*ple", "exple", true],
  ["content.body", "ex*ple", "An exciting triple-whammy", true],
  ["content.body", "cake", "cakes", false],
  ["content.body", "cake", "a pan_cake", false],
  ["content.body", "cake", "pancake and Cake!", true],
  ["content.body", "cake*", "pancake cakes", true],
  ["content.body", "c?ke", "coke", true],
  ["content.body", "@bob", "hi @bob", true],
])("event_match %s with %s of %s: %s", (key, pattern, value, expected) => {
  expect(fulfils(match(key, pattern), event({ [key.slice("content.".length)]: value }))).toBe(expected);
});

test("a property that is absent or no text matches no pattern", () => {
  expect(fulfils(match("content.topic", "*"), event({}))).toBe(false);
  expect(fulfils(match("content.topic", "*"), event({ topic: null }))).toBe(false);
  expect(fulfils(match("content.topic", "1"), event({ topic: 1 }))).toBe(false);
  expect(fulfils(match("content.__proto__.x", "*"), event({}))).toBe(false);
});

test("a pattern of many stars takes no longer than others", () => {
  const pattern = `${"a*".repeat(50)}b`;
  expect(fulfils(match("content.body", pattern), text("a".repeat(5000)))).toBe(false);
});

test("many long patterns for a long text are given up before they keep everybody waiting", () => {
  const long = rule({ conditions: [match("content.body", `${"a ".repeat(3900)}b`)] });
  const body = "a ".repeat(31_000);
  expect(evaluate(ruleset({ override: Array.from({ length: 100 }, () => long) }), text(body), context).notify).toBe(
    false,
  );
  const words = [...Array.from({ length: 99 }, (_, index) => `word${index}`), "lunch"];
  const ordinary = words.map((word) => rule({ conditions: [match("content.body", word)] }));
  expect(evaluate(ruleset({ override: ordinary }), text(`${body}lunch`), context).notify).toBe(true);
});

test.each([
  ["content.m\\.federate", true, { "m.federate": true }, true],
  ["content.m\\.federate", true, { "m.federate": "true" }, false],
  ["content.m\\.federate", true, { m: { federate: true } }, false],
  ["content.a\\\\b", 1, { "a\\b": 1 }, true],
  ["content.a\\xb", 1, { "a\\xb": 1 }, true],
  ["content.a\\\\.b", 1, { "a\\": { b: 1 } }, true],
  ["content.none", null, { none: null }, true],
  ["content.none", null, {}, false],
  ["content.list", "a", { list: ["a"] }, false],
])("event_property_is %s %j of %j: %s", (key, value, content, expected) => {
  expect(fulfils({ kind: "event_property_is", key, value }, event(content))).toBe(expected);
});

test.each([
  ["#room:example.org", ["#else:localhost", "#room:example.org"], true],
  [":example.org", ["#room:example.org"], false],
  ["a", "a", false],
  [1, ["1"], false],
  [null, [{}, null], true],
])("event_property_contains %j of %j: %s", (value, aliases, expected) => {
  const condition: PushCondition = { kind: "event_property_contains", key: "content.aliases", value };
  expect(fulfils(condition, event({ aliases }))).toBe(expected);
});

test.each([
  ["3", true],
  ["==3", true],
  ["2", false],
  ["<3", false],
  ["<=3", true],
  [">2", true],
  [">=4", false],
  ["=>3", false],
  ["three", false],
])("room_member_count %s of three: %s", (is, expected) => {
  expect(fulfils({ kind: "room_member_count", is }, event({}))).toBe(expected);
});

test("sender_notification_permission asks for the power of its kind", () => {
  const condition: PushCondition = { kind: "sender_notification_permission", key: "room" };
  expect(fulfils(condition, event({}), { senderMayNotify: (key) => key === "room" })).toBe(true);
  expect(fulfils(condition, event({}), { senderMayNotify: (key) => key !== "room" })).toBe(false);
});

test("contains_display_name takes the name as it is", () => {
  const condition: PushCondition = { kind: "contains_display_name" };
  expect(fulfils(condition, text("hello A*e"), { displayName: "a*E" })).toBe(true);
  expect(fulfils(condition, text("hello Alice"), { displayName: "A*e" })).toBe(false);
  expect(fulfils(condition, text("hello Alices"), { displayName: "Alice" })).toBe(false);
  expect(fulfils(condition, text("hello"), { displayName: "" })).toBe(false);
  expect(fulfils(condition, text("hello"))).toBe(false);
});

test("a condition that is not known is never fulfilled", () => {
  expect(fulfils({ kind: "org.example.colour" }, event({}))).toBe(false);
});

test("the kinds are checked in their order, and the first rule of a list that matches decides", () => {
  const named = (name: string, more: Partial<PushRule> = {}) =>
    rule({ actions: ["notify", { set_tweak: "sound", value: name }], ...more });
  const rules = {
    override: [named("override", { conditions: [match("content.body", "over")] })],
    content: [named("first", { pattern: "tea" }), named("second", { pattern: "time" })],
    room: [named("room", { rule_id: room })],
    sender: [named("sender", { rule_id: "@bob:example.org" })],
    underride: [named("underride")],
  };
  const soundOf = (given: Partial<PushRuleset>, seen: JsonObject) => evaluate(ruleset(given), seen, context).actions[1];
  const sound = (value: string) => ({ set_tweak: "sound", value });
  expect(soundOf(rules, text("over tea"))).toEqual(sound("override"));
  expect(soundOf(rules, text("It's time for tea"))).toEqual(sound("first"));
  expect(soundOf(rules, text("time"))).toEqual(sound("second"));
  expect(soundOf(rules, text("hello"))).toEqual(sound("room"));
  expect(soundOf({ ...rules, room: [named("room", { rule_id: "!other" })] }, text("hello"))).toEqual(sound("sender"));
  expect(soundOf({ underride: rules.underride }, text("hello"))).toEqual(sound("underride"));
  expect(soundOf({ content: [named("off", { pattern: "tea", enabled: false })] }, text("tea"))).toBeUndefined();
});

test("a highlight is one where it is notified, and true without a value", () => {
  const highlights = (...actions: PushRule["actions"]) =>
    evaluate(ruleset({ override: [rule({ actions })] }), text("x"), context);
  expect(highlights("notify", { set_tweak: "highlight" })).toMatchObject({ notify: true, highlight: true });
  expect(highlights("notify", { set_tweak: "highlight", value: false })).toMatchObject({ highlight: false });
  expect(highlights({ set_tweak: "highlight" })).toMatchObject({ notify: false, highlight: false });
  expect(highlights("dont_notify")).toMatchObject({ notify: false, actions: [] });
});

const defaults = ruleset(defaultRules(alice));
const sound = (value: string) => ({ set_tweak: "sound", value });
const highlight = { set_tweak: "highlight" };
const state = (type: string, content: JsonObject, state_key = "") => event(content, { type, state_key });

test.each<[string, JsonObject, Partial<PushContext>, unknown[]]>([
  ["a message", text("hi"), {}, ["notify"]],
  ["a message of two", text("hi"), { memberCount: 2 }, ["notify", sound("default")]],
  ["a notice", event({ msgtype: "m.notice", body: "hi" }), {}, []],
  ["something encrypted", event({}, { type: "m.room.encrypted" }), {}, ["notify"]],
  [
    "something encrypted of two",
    event({}, { type: "m.room.encrypted" }),
    { memberCount: 2 },
    ["notify", sound("default")],
  ],
  ["a call", event({}, { type: "m.call.invite" }), {}, ["notify", sound("ring")]],
  ["an invitation", state("m.room.member", { membership: "invite" }, alice), {}, ["notify", sound("default")]],
  ["another's invitation", state("m.room.member", { membership: "invite" }, "@carol:example.org"), {}, []],
  ["a mention", text("hi", { "m.mentions": { user_ids: [alice] } }), {}, ["notify", sound("default"), highlight]],
  ["another's mention", text("@alice", { "m.mentions": { user_ids: ["@carol:example.org"] } }), {}, ["notify"]],
  [
    "a mention of all",
    text("hi", { "m.mentions": { room: true } }),
    { senderMayNotify: () => true },
    ["notify", highlight],
  ],
  ["a mention of all without the power", text("hi", { "m.mentions": { room: true } }), {}, ["notify"]],
  ["a tombstone", state("m.room.tombstone", {}), {}, ["notify", highlight]],
  ["what only looks like a tombstone", event({}, { type: "m.room.tombstone" }), {}, []],
  ["a reaction", event({}, { type: "m.reaction" }), {}, []],
  ["a server ACL", state("m.room.server_acl", {}), {}, []],
  ["an edit", text("* hi", { "m.relates_to": { rel_type: "m.replace", event_id: "$event" } }), {}, []],
  ["a topic", state("m.room.topic", { topic: "hi" }), {}, []],
])("by the server's rules, %s", (_what, seen, given, expected) => {
  expect(evaluate(defaults, seen, { ...context, ...given }).actions).toEqual(expected);
});

test("the server's rules are those of the specification, in its order", () => {
  const ids = (rules: readonly PushRule[]) =>
    rules.map(({ rule_id, enabled }) => (enabled ? rule_id : `${rule_id} off`));
  expect(ids(defaults.override)).toEqual([
    ".m.rule.master off",
    ".m.rule.suppress_notices",
    ".m.rule.invite_for_me",
    ".m.rule.member_event",
    ".m.rule.is_user_mention",
    ".m.rule.is_room_mention",
    ".m.rule.tombstone",
    ".m.rule.reaction",
    ".m.rule.room.server_acl",
    ".m.rule.suppress_edits",
  ]);
  expect(ids(defaults.underride)).toEqual([
    ".m.rule.call",
    ".m.rule.encrypted_room_one_to_one",
    ".m.rule.room_one_to_one",
    ".m.rule.message",
    ".m.rule.encrypted",
  ]);
});
