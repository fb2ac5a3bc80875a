import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../json.ts";
import { authorise } from "./authorise.ts";
import { alice, bob, carol, check, event, levels, room } from "./fixtures/rules.ts";

describe("10. power levels", () => {
  const base = { users: { [bob]: 50 }, events: { "org.example": 50, "org.high": 60 }, notifications: { room: 50 } };
  const own = { "m.room.power_levels": 50 };
  const given = { ...base, ban: 60, kick: 40, events: { ...base.events, ...own } };
  const state = levels(alice, given);
  const bobs = (content: JsonObject) => levels(bob, { ...given, ...content });
  const users = (entries: JsonObject) => bobs({ users: { [bob]: 50, ...entries } });
  check([
    ["10.1 a level is no integer", false, levels(alice, { ban: "50" })],
    ["10.1 nor a fraction", false, levels(alice, { kick: 1.5 })],
    ["10.2 events", false, levels(alice, { events: { x: "50" } })],
    ["10.2 notifications", false, levels(alice, { notifications: [] })],
    ["10.3 users", false, levels(alice, { users: { [bob]: "50" } })],
    ["10.3 users with a name that is none", false, levels(alice, { users: { bob: 50 } })],
    ["10.6 nothing changed", true, bobs({}), state],
    ["10.6 changed within reach", true, bobs({ kick: 50 }), state],
    ["10.6 added within reach", true, bobs({ invite: 50 }), state],
    ["10.6.1 what is above", false, bobs({ ban: 50 }), state],
    ["10.6.2 to above", false, bobs({ kick: 51 }), state],
    ["10.6.2 added above", false, bobs({ invite: 51 }), state],
    ["10.7 an entry of events as high, removed", true, bobs({ events: { "org.high": 60, ...own } }), state],
    ["10.7.1 an entry of events above, removed", false, bobs({ events: { "org.example": 50, ...own } }), state],
    [
      "10.8.1 an entry of events to above",
      false,
      bobs({ events: { ...base.events, ...own, "org.example": 51 } }),
      state,
    ],
    ["10.8.1 an entry of notifications to above", false, bobs({ notifications: { room: 51 } }), state],
    ["10.8 an entry of notifications, added", true, bobs({ notifications: { room: 50, other: 50 } }), state],
    ["10.9 one's own, lowered", true, bobs({ users: { [bob]: 10 } }), state],
    ["10.9 another's, below", true, users({ [carol]: 50 }), state],
    [
      "10.9.1 an equal's",
      false,
      users({ [carol]: 40 }),
      levels(alice, { ...given, users: { [bob]: 50, [carol]: 50 } }),
    ],
    ["10.9.1 an equal's, removed", false, users({}), levels(alice, { ...given, users: { [bob]: 50, [carol]: 50 } })],
    ["10.10.1 another's to above", false, users({ [carol]: 51 }), state],
    ["10.10.1 one's own to above", false, bobs({ users: { [bob]: 51 } }), state],
  ]);

  test("10.4 creators are given no level in version 12", () => {
    const create = event("m.room.create", alice, { additional_creators: [bob] });
    for (const creator of [alice, bob]) {
      expect(authorise(levels(alice, { users: { [creator]: 100 } }), room("12", create))).not.toBeNull();
    }
    expect(authorise(levels(alice, { users: { [carol]: 100 } }), room("12", create))).toBeNull();
    expect(authorise(levels(alice, { users: { [alice]: 100 } }), room("11"))).toBeNull();
  });

  test("10.5 the first ones are free", () => {
    const state11 = room("11");
    const without = { ...state11, events: state11.events.filter(({ type }) => type !== "m.room.power_levels") };
    expect(authorise(levels(alice, { ban: 1000, users: { [bob]: 1000 } }), without)).toBeNull();
  });
});
