import { afterAll, describe, expect, test } from "vitest";
import { startHomeserver } from "../../fixtures/homeserver.ts";
import { person } from "../fixtures/person.ts";
import type { Person } from "../fixtures/person.ts";

const home = await startHomeserver();
const [alice, bob] = [await person(home, "alice"), await person(home, "bob")];

afterAll(() => home[Symbol.asyncDispose]());

const upgrade = (who: Person, room: string, new_version: string, more: object = {}) =>
  who.inRoom(room, "POST", "/upgrade", { new_version, ...more });
const successor = async (room: string, version: string, more: object = {}) =>
  (await upgrade(alice, room, version, more)).body["replacement_room"] as string;
const levelsOf = (room: string) => alice.stateOf(room, "m.room.power_levels");

test("the new room has what the old one was, and the old one leads to it", async () => {
  const old = await alice.createRoom({
    room_version: "11",
    preset: "public_chat",
    visibility: "public",
    room_alias_name: "moving",
    name: "Garden",
    topic: "Plants",
    creation_content: { type: "m.space" },
    initial_state: [
      { type: "m.room.encryption", content: { algorithm: "m.megolm.v1.aes-sha2" } },
      { type: "org.example", content: { stays: true } },
    ],
  });
  await bob.join(old);
  await alice.setState(old, "m.room.guest_access", { guest_access: "can_join" });
  const room = await successor(old, "12");
  expect(room).toMatch(/^![\w-]{43}$/);
  expect(await alice.stateOf(room, "m.room.create")).toEqual({
    room_version: "12",
    type: "m.space",
    predecessor: { room_id: old },
  });
  for (const type of ["m.room.name", "m.room.topic", "m.room.encryption", "m.room.join_rules", "m.room.guest_access"]) {
    expect(await alice.stateOf(room, type)).toEqual(await alice.stateOf(old, type));
    expect(await alice.stateOf(room, type)).toBeDefined();
  }
  expect(await alice.stateOf(room, "org.example")).toBeUndefined();
  expect(await alice.stateOf(room, "m.room.member", bob.id)).toBeUndefined();
  expect(await alice.stateOf(old, "m.room.tombstone")).toEqual({
    body: "This room has been replaced",
    replacement_room: room,
  });
  const { body } = await alice.call("GET", "/directory/room/%23moving%3Alocalhost");
  expect(body["room_id"]).toBe(room);
  expect(await alice.stateOf(room, "m.room.canonical_alias")).toEqual({ alias: "#moving:localhost" });
  expect(await alice.stateOf(old, "m.room.canonical_alias")).toEqual({});
  const listed = (await home.call("GET", "/v3/publicRooms")).body["chunk"];
  expect(listed).toMatchObject([{ room_id: room }]);
});

test("in the old room only those with power write and invite from then on", async () => {
  const old = await alice.createRoom({ preset: "public_chat" });
  await bob.join(old);
  await bob.say(old, "Before");
  await successor(old, "12");
  expect(await levelsOf(old)).toMatchObject({ events_default: 50, invite: 50 });
  expect((await bob.inRoom(old, "PUT", "/send/m.room.message/after", {})).status).toBe(403);
});

describe("power levels", () => {
  test("of version 11 give creators no number in version 12, and the tombstone one that is out of reach", async () => {
    const old = await alice.createRoom({
      room_version: "11",
      power_level_content_override: { users: { [alice.id]: 100, [bob.id]: 100 } },
    });
    const levels = await levelsOf(await successor(old, "12"));
    expect(levels).toMatchObject({ users: { [bob.id]: 100 }, events: { "m.room.tombstone": 150 } });
    expect(levels?.["users"]).not.toHaveProperty([alice.id]);
    const together = await successor(
      await alice.createRoom({ room_version: "10", preset: "trusted_private_chat", invite: [bob.id] }),
      "12",
      {
        additional_creators: [bob.id],
      },
    );
    expect((await levelsOf(together))?.["users"]).toEqual({});
    expect((await alice.stateOf(together, "m.room.create"))?.["additional_creators"]).toEqual([bob.id]);
  });

  test("of version 12 give creators a number in version 11", async () => {
    const old = await alice.createRoom({ preset: "trusted_private_chat", invite: [bob.id] });
    const levels = await levelsOf(await successor(old, "11"));
    expect(levels?.["users"]).toEqual({ [alice.id]: 150, [bob.id]: 150 });
  });

  test("are set up by who has too little for it, and then are as they were", async () => {
    const old = await alice.createRoom({
      room_version: "11",
      name: "Garden",
      invite: [bob.id],
      power_level_content_override: { users: { [alice.id]: 100, [bob.id]: 60 }, events: { "m.room.tombstone": 60 } },
    });
    await bob.join(old);
    const before = await levelsOf(old);
    const { body } = await upgrade(bob, old, "11");
    const room = body["replacement_room"] as string;
    expect(await bob.stateOf(room, "m.room.power_levels")).toEqual(before);
    expect(await bob.stateOf(room, "m.room.name")).toEqual({ name: "Garden" });
    expect((await bob.stateOf(room, "m.room.create"))?.["predecessor"]).toMatchObject({
      room_id: old,
      event_id: expect.stringMatching(/^\$/) as string,
    });
  });
});

test("who joins the new room has their settings of the old one there", async () => {
  const old = await alice.createRoom({ preset: "public_chat" });
  await bob.join(old);
  const mine = (path: string) => `/user/${encodeURIComponent(bob.id)}${path}`;
  const tags = (room: string) => mine(`/rooms/${encodeURIComponent(room)}/tags`);
  const rule = (room: string, kind: string) => `/pushrules/global/${kind}/${encodeURIComponent(room)}`;
  const matches = (room: string) => [{ kind: "event_match", key: "room_id", pattern: room }];
  await bob.call("PUT", `${tags(old)}/m.favourite`, { order: 0.5 });
  await bob.call("PUT", mine("/account_data/m.direct"), { [alice.id]: [old] });
  await bob.call("PUT", rule(old, "room"), { actions: ["notify"] });
  await bob.call("PUT", rule(old, "override"), { actions: [], conditions: matches(old) });
  const room = await successor(old, "12");
  expect((await bob.call("GET", tags(room))).body).toEqual({ tags: {} });
  await bob.join(room);
  expect((await bob.call("GET", tags(room))).body).toEqual({ tags: { "m.favourite": { order: 0.5 } } });
  expect((await bob.call("GET", mine("/account_data/m.direct"))).body).toEqual({ [alice.id]: [old, room] });
  expect((await bob.call("GET", rule(room, "room"))).body).toMatchObject({ rule_id: room, actions: ["notify"] });
  expect((await bob.call("GET", rule(room, "override"))).body).toMatchObject({ conditions: matches(room) });
  await bob.call("DELETE", rule(old, "room"));
  expect((await bob.call("GET", rule(room, "room"))).status).toBe(200);
});

test("upgrading takes power, a room, and a version that there is", async () => {
  const old = await alice.createRoom({ preset: "public_chat" });
  await bob.join(old);
  expect(await upgrade(bob, old, "12")).toMatchObject({ status: 403, body: { errcode: "M_FORBIDDEN" } });
  expect(await upgrade(alice, old, "1")).toMatchObject({
    status: 400,
    body: { errcode: "M_UNSUPPORTED_ROOM_VERSION" },
  });
  expect(await upgrade(alice, "!nowhere:localhost", "12")).toMatchObject({
    status: 404,
    body: { errcode: "M_NOT_FOUND" },
  });
  expect(await alice.stateOf(old, "m.room.tombstone")).toBeUndefined();
});
