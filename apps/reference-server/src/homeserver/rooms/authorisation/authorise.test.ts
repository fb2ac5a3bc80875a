import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../json.ts";
import { authorise } from "./authorise.ts";
import {
  alice,
  bob,
  carol,
  dave,
  check,
  emptyRoom,
  event,
  levels,
  member,
  message,
  room,
  rule,
  versions,
} from "./fixtures/rules.ts";
import type { VersionId } from "./fixtures/rules.ts";

describe("1. creation", () => {
  const create = (content: JsonObject) => event("m.room.create", alice, content);

  test("1.1 comes first", () => {
    for (const version of versions) {
      const content = { creator: alice };
      expect(authorise(create(content), emptyRoom(version))).toBeNull();
      expect(authorise(create(content), room(version))).not.toBeNull();
    }
  });

  test("1.3 is of a version that there is", () => {
    for (const [room_version, allowed] of [
      ["11", true],
      ["x", false],
      [11, false],
    ] as const) {
      expect(authorise(create({ room_version }), emptyRoom("11")) === null).toBe(allowed);
    }
  });

  test("1.4 names its creator in version 10", () => {
    expect(authorise(create({}), emptyRoom("10"))).not.toBeNull();
    for (const version of ["11", "12"] as const) expect(authorise(create({}), emptyRoom(version))).toBeNull();
  });

  test.each([
    [[bob], true],
    [[], true],
    ["x", false],
    [[1], false],
    [["bob"], false],
    [[bob, "@x"], false],
    [null, false],
  ])("1.4 additional_creators may be %j: %s", (additional_creators, allowed) => {
    expect(authorise(create({ additional_creators }), emptyRoom("12")) === null).toBe(allowed);
    expect(authorise(create({ additional_creators }), emptyRoom("11"))).toBeNull();
  });
});

test("2. nothing happens in a room that has not been created", () => {
  for (const version of versions) expect(authorise(message(alice), emptyRoom(version))).not.toBeNull();
});

describe("4. a room that is not federated", () => {
  const create = (version: VersionId) => event("m.room.create", alice, { room_version: version, "m.federate": false });
  test.each(versions)("is for users of its creator's server, in version %s", (version) => {
    const state = room(version, create(version), rule("public"));
    expect(authorise(member(dave, "join"), state)).not.toBeNull();
    expect(authorise(member("@eve:a.example", "join"), state)).toBeNull();
    expect(authorise(member(dave, "join"), room(version, rule("public")))).toBeNull();
  });
});

describe("6. to 9. other events", () => {
  const invite = (sender: string) => event("m.room.third_party_invite", sender, {}, "token");
  check([
    ["6. from outside", false, message(dave)],
    ["6. after a kick", false, message(carol), member(bob, "leave", carol)],
    ["7.1 third-party invitation", true, invite(carol)],
    ["7.1 third-party invitation with too little", false, invite(carol), levels(alice, { invite: 1 })],
    ["8. message", true, message(carol)],
    ["8. message with too little", false, message(carol), levels(alice, { events_default: 1 })],
    [
      "8. message of a type of its own level",
      false,
      message(carol),
      levels(alice, { events: { "m.room.message": 1 } }),
    ],
    ["8. state", true, event("m.room.name", bob)],
    ["8. state with too little", false, event("m.room.name", carol)],
    ["8. state by users_default", true, event("m.room.name", carol), levels(alice, { users_default: 50 })],
    [
      "8. redaction, whatever the level of redact",
      true,
      event("m.room.redaction", carol, {}, null),
      levels(alice, { redact: 100 }),
    ],
    ["9. state of oneself", true, event("org.example", bob, {}, bob)],
    ["9. state of another", false, event("org.example", bob, {}, carol)],
    ["9. a message has no state key", true, { ...message(carol), stateKey: null }],
  ]);

  test.each([
    ["10", 100],
    ["11", 100],
  ] as const)("8. without levels, the creator of version %s has 100", (version, own) => {
    const state = room(version);
    const without = { ...state, events: state.events.filter(({ type }) => type !== "m.room.power_levels") };
    expect(authorise(event("m.room.name", carol), without)).toBeNull(); // then state takes nothing
    expect(authorise(levels(alice, { users: { [alice]: own } }), without)).toBeNull();
    expect(authorise(member(alice, "ban", bob), without)).toBeNull();
    expect(authorise(member(bob, "ban", carol), without)).not.toBeNull();
  });
});

describe("8. creators of rooms of version 12", () => {
  const create = event("m.room.create", alice, { room_version: "12", additional_creators: [bob] });
  const high = levels(alice, { users: { [carol]: 9_007_199_254_740_991 }, state_default: 9_007_199_254_740_991 });
  const state = room("12", create, high);
  test("have more than any number", () => {
    for (const creator of [alice, bob]) {
      expect(authorise(event("m.room.name", creator), state)).toBeNull();
      expect(authorise(member(creator, "ban", carol), state)).toBeNull();
      expect(authorise(levels(creator, { users: { [carol]: 0 } }), state)).toBeNull();
    }
    expect(authorise(event("m.room.name", carol), state)).toBeNull();
    expect(authorise(member(carol, "ban", bob), state)).not.toBeNull();
    expect(authorise(member(alice, "ban", bob), state)).not.toBeNull(); // as much as infinity
  });
});
