import { afterAll, describe, expect, test } from "vitest";
import { startHomeserver } from "../../fixtures/homeserver.ts";
import { currentState } from "../state.ts";
import { person } from "../fixtures/person.ts";

const home = await startHomeserver();
const [alice, bob, carol] = [await person(home, "alice"), await person(home, "bob"), await person(home, "carol")];

afterAll(() => home[Symbol.asyncDispose]());

const create = (body: object) => alice.call("POST", "/createRoom", body);
const typesOf = async (room: string) => (await currentState(home.db, room)).map(({ type }) => type);

test("the events come in the order that is described", async () => {
  const room = await alice.createRoom({
    visibility: "public",
    room_alias_name: "order",
    name: "The garden",
    topic: "All about plants",
    invite: [bob.id],
    initial_state: [{ type: "m.room.encryption", content: { algorithm: "m.megolm.v1.aes-sha2" } }],
  });
  expect(await typesOf(room)).toEqual([
    "m.room.create",
    "m.room.member",
    "m.room.power_levels",
    "m.room.canonical_alias",
    "m.room.join_rules",
    "m.room.history_visibility",
    "m.room.guest_access",
    "m.room.encryption",
    "m.room.name",
    "m.room.topic",
    "m.room.member",
  ]);
  expect(await alice.stateOf(room, "m.room.canonical_alias")).toEqual({ alias: "#order:localhost" });
  expect(await alice.stateOf(room, "m.room.topic")).toEqual({
    topic: "All about plants",
    "m.topic": { "m.text": [{ mimetype: "text/plain", body: "All about plants" }] },
  });
});

test.each([
  [{}, "invite", "can_join"],
  [{ visibility: "private" }, "invite", "can_join"],
  [{ visibility: "public" }, "public", "forbidden"],
  [{ preset: "private_chat", visibility: "public" }, "invite", "can_join"],
  [{ preset: "public_chat" }, "public", "forbidden"],
  [{ preset: "trusted_private_chat" }, "invite", "can_join"],
])("%j makes a room with the join rule %s and guest access %s", async (body, join_rule, guest_access) => {
  const room = await alice.createRoom(body);
  expect(await alice.stateOf(room, "m.room.join_rules")).toEqual({ join_rule });
  expect(await alice.stateOf(room, "m.room.guest_access")).toEqual({ guest_access });
  expect(await alice.stateOf(room, "m.room.history_visibility")).toEqual({ history_visibility: "shared" });
});

test("initial_state counts more than the preset, and name more than initial_state", async () => {
  const room = await alice.createRoom({
    preset: "private_chat",
    name: "Two",
    initial_state: [
      { type: "m.room.join_rules", content: { join_rule: "public" } },
      { type: "m.room.name", content: { name: "One" } },
      { type: "org.example", state_key: "key", content: { a: 1 } },
    ],
  });
  expect(await alice.stateOf(room, "m.room.join_rules")).toEqual({ join_rule: "public" });
  expect(await alice.stateOf(room, "m.room.name")).toEqual({ name: "Two" });
  expect(await alice.stateOf(room, "org.example", "key")).toEqual({ a: 1 });
});

describe("versions", () => {
  test("12 is the default; its rooms have no server in their IDs, and their creator no level", async () => {
    const room = await alice.createRoom();
    expect(room).toMatch(/^![\w-]{43}$/);
    const [creation] = await currentState(home.db, room);
    expect(creation?.eventId).toBe(`$${room.slice(1)}`);
    expect(creation?.json).not.toHaveProperty("room_id");
    expect(creation?.content).toEqual({ room_version: "12" });
    const levels = await alice.stateOf(room, "m.room.power_levels");
    expect(levels).toMatchObject({ users: {}, events: { "m.room.tombstone": 150 } });
  });

  test("no event of a room of version 12 names its creation among its auth events", async () => {
    const [old, young] = [await alice.createRoom({ room_version: "11" }), await alice.createRoom()];
    for (const [room, expected] of [
      [old, true],
      [young, false],
    ] as const) {
      const [creation, ...others] = await currentState(home.db, room);
      const named = others.map(({ json }) => (json["auth_events"] as string[]).includes(creation!.eventId));
      expect(new Set(named)).toEqual(new Set([expected]));
    }
  });

  test.each(["10", "11"])(
    "rooms of version %s have the server in their IDs, and their creator level 100",
    async (room_version) => {
      const room = await alice.createRoom({ room_version });
      expect(room).toMatch(/^![A-Za-z]{18}:localhost$/);
      expect(await alice.stateOf(room, "m.room.create")).toEqual({
        room_version,
        ...(room_version === "10" && { creator: alice.id }),
      });
      expect(await alice.stateOf(room, "m.room.power_levels")).toMatchObject({ users: { [alice.id]: 100 } });
    },
  );

  test("others cannot be made", async () => {
    for (const room_version of ["1", "9", "13", "x"]) {
      expect(await create({ room_version })).toMatchObject({
        status: 400,
        body: { errcode: "M_UNSUPPORTED_ROOM_VERSION" },
      });
    }
    const { capabilities } = (await alice.call("GET", "/capabilities")).body;
    expect(capabilities).toMatchObject({
      "m.room_versions": { default: "12", available: { "10": "stable", "11": "stable", "12": "stable" } },
    });
  });

  test("50 rooms at once, of the same content at the same time, are 50 rooms", async () => {
    const rooms = await Promise.all(Array.from({ length: 50 }, () => alice.createRoom()));
    expect(new Set(rooms)).toHaveLength(50);
  });
});

describe("those trusted", () => {
  const trusted = (more: object) => ({ preset: "trusted_private_chat", invite: [bob.id], is_direct: true, ...more });

  test("are creators from version 12 on, beside others that are named", async () => {
    const creation_content = { additional_creators: [carol.id, bob.id] };
    const room = await alice.createRoom(trusted({ creation_content }));
    expect((await alice.stateOf(room, "m.room.create"))?.["additional_creators"]).toEqual([carol.id, bob.id]);
    expect(await alice.stateOf(room, "m.room.member", bob.id)).toEqual({ membership: "invite", is_direct: true });
    await bob.join(room);
    expect((await bob.setState(room, "m.room.tombstone", { body: "x", replacement_room: room })).status).toBe(200);
  });

  test("have the creator's level in older versions", async () => {
    const room = await alice.createRoom(trusted({ room_version: "11" }));
    expect((await alice.stateOf(room, "m.room.power_levels"))?.["users"]).toEqual({ [alice.id]: 100, [bob.id]: 100 });
  });

  test("and additional creators have to be user IDs", async () => {
    expect((await create({ creation_content: { additional_creators: ["bob"] } })).status).toBe(400);
  });
});

test("creation_content adds to the creation, and does not replace what is the server's", async () => {
  const creation_content = { type: "m.space", "m.federate": false, room_version: "1", creator: bob.id };
  const room = await alice.createRoom({ room_version: "10", creation_content });
  expect(await alice.stateOf(room, "m.room.create")).toEqual({
    type: "m.space",
    "m.federate": false,
    room_version: "10",
    creator: alice.id,
  });
});

test("power_level_content_override replaces fields, and the tombstone stays out of reach", async () => {
  const power_level_content_override = { events: { "m.room.name": 0 }, invite: 30 };
  const room = await alice.createRoom({ power_level_content_override });
  expect(await alice.stateOf(room, "m.room.power_levels")).toMatchObject({
    events: { "m.room.name": 0, "m.room.tombstone": 150 },
    invite: 30,
    ban: 50,
  });
});

describe("what contradicts itself", () => {
  const contradiction = { status: 400, body: { errcode: "M_INVALID_ROOM_STATE" } };

  test("makes no room, nor anything of it", async () => {
    const before = await home.db.selectFrom("hs_rooms").select("room_id").execute();
    const body = {
      room_version: "11",
      room_alias_name: "contradiction",
      name: "x",
      power_level_content_override: { users: { [alice.id]: 0 } },
    };
    expect(await create(body)).toMatchObject(contradiction);
    expect(await create({ initial_state: [{ type: "m.room.create", content: {} }] })).toMatchObject(contradiction);
    expect(await create({ power_level_content_override: { users: { [alice.id]: 100 } } })).toMatchObject(contradiction);
    expect(await home.db.selectFrom("hs_rooms").select("room_id").execute()).toHaveLength(before.length);
    const { status } = await alice.call("GET", "/directory/room/%23contradiction%3Alocalhost");
    expect(status).toBe(404);
  });
});

test("an alias belongs to one room, however many want it at once", async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => create({ room_alias_name: "wanted" })));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.find(({ status }) => status !== 200)).toMatchObject({
    status: 400,
    body: { errcode: "M_ROOM_IN_USE" },
  });
  expect(await create({ room_alias_name: "a:b" })).toMatchObject({ status: 400, body: { errcode: "M_BAD_JSON" } });
});

test("who cannot be invited is left out, and where nobody is left there is no room", async () => {
  const dave = await person(home, "dave");
  await dave.call("PUT", `/user/${dave.id}/account_data/m.invite_permission_config`, { default_action: "block" });
  const stranger = "@erin:elsewhere.example";
  const room = await alice.createRoom({ invite: [dave.id, bob.id, stranger], is_direct: true });
  expect(await alice.stateOf(room, "m.room.member", bob.id)).toEqual({ membership: "invite", is_direct: true });
  for (const userId of [dave.id, stranger]) expect(await alice.stateOf(room, "m.room.member", userId)).toBe(undefined);
  const joined = async () => (await alice.call("GET", "/joined_rooms")).body["joined_rooms"];
  const before = await joined();
  const blocked = { status: 403, body: { errcode: "M_INVITE_BLOCKED" } };
  expect(await create({ invite: [dave.id, stranger] })).toMatchObject(blocked);
  expect(await create({ invite: [stranger] })).toMatchObject({ status: 403, body: { errcode: "M_FORBIDDEN" } });
  expect(await joined()).toEqual(before);
});
