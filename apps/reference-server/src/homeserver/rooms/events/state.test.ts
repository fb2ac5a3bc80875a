import { afterAll, describe, expect, test } from "vitest";
import { startHomeserver } from "../../fixtures/homeserver.ts";
import { guest, person } from "../fixtures/person.ts";
import type { Person } from "../fixtures/person.ts";

const home = await startHomeserver();
const [alice, bob, carol] = [await person(home, "alice"), await person(home, "bob"), await person(home, "carol")];

afterAll(() => home[Symbol.asyncDispose]());

const forbidden = { status: 403, body: { errcode: "M_FORBIDDEN" } };
const states = (answer: { readonly text: string }) =>
  JSON.parse(answer.text) as { type: string; state_key: string; content: { name?: string } }[];
const leave = (who: Person, room: string) => who.inRoom(room, "POST", "/leave", {});

test("the empty state key can be written with a slash and without", async () => {
  const room = await alice.createRoom();
  expect((await alice.inRoom(room, "PUT", "/state/m.room.name", { name: "One" })).status).toBe(200);
  expect((await alice.inRoom(room, "GET", "/state/m.room.name/")).body).toEqual({ name: "One" });
  expect((await alice.inRoom(room, "PUT", "/state/m.room.name/", { name: "Two" })).status).toBe(200);
  expect((await alice.inRoom(room, "GET", "/state/m.room.name")).body).toEqual({ name: "Two" });
});

test("the content alone is answered, or the event", async () => {
  const room = await alice.createRoom({ name: "The garden" });
  const event = await alice.inRoom(room, "GET", "/state/m.room.name/?format=event");
  expect(event.body).toEqual({
    event_id: expect.stringMatching(/^\$/) as string,
    room_id: room,
    type: "m.room.name",
    state_key: "",
    sender: alice.id,
    origin_server_ts: home.clock.now(),
    content: { name: "The garden" },
    unsigned: { age: 0, membership: "join" },
  });
  expect(await alice.inRoom(room, "GET", "/state/m.room.topic/")).toMatchObject({
    status: 404,
    body: { errcode: "M_NOT_FOUND" },
  });
});

test("setting the same twice is setting it once, and by another user or with other content twice", async () => {
  const room = await alice.createRoom({ power_level_content_override: { state_default: 0 }, invite: [bob.id] });
  await bob.join(room);
  const set = async (who: Person, content: object) =>
    (await who.setState(room, "org.example", content)).body["event_id"];
  const first = await set(alice, { a: 1, b: 2 });
  expect(await set(alice, { b: 2, a: 1 })).toBe(first);
  expect(await set(bob, { a: 1, b: 2 })).not.toBe(first);
  expect(await set(alice, { a: 1, b: 2 })).not.toBe(first);
});

test("state takes power", async () => {
  const room = await alice.createRoom({ invite: [bob.id] });
  await bob.join(room);
  expect(await bob.setState(room, "m.room.name", { name: "Mine" })).toMatchObject(forbidden);
  expect(await bob.setState(room, "m.room.create", {})).toMatchObject(forbidden);
  expect(await alice.setState(room, "org.example", {}, bob.id)).toMatchObject(forbidden);
  expect((await alice.setState(room, "org.example", {}, alice.id)).status).toBe(200);
});

test("who has left sees the state of then, and who was only invited none", async () => {
  const room = await alice.createRoom({ name: "Before", invite: [bob.id, carol.id] });
  await bob.join(room);
  await leave(bob, room);
  await leave(carol, room);
  await alice.setState(room, "m.room.name", { name: "After" });
  await alice.setState(room, "m.room.topic", { topic: "New" });
  await alice.inRoom(room, "POST", "/ban", { user_id: bob.id });
  expect(await bob.stateOf(room, "m.room.name")).toEqual({ name: "Before" });
  expect((await bob.inRoom(room, "GET", "/state/m.room.topic")).status).toBe(404);
  const seen = states(await bob.inRoom(room, "GET", "/state"));
  expect(seen.find(({ type }) => type === "m.room.name")?.content.name).toBe("Before");
  expect(seen.some(({ type }) => type === "m.room.topic")).toBe(false);
  expect(await carol.inRoom(room, "GET", "/state")).toMatchObject(forbidden);
  expect(await carol.inRoom(room, "GET", "/state/m.room.name")).toMatchObject(forbidden);
  expect(await carol.inRoom(room, "GET", "/members")).toMatchObject(forbidden);
});

test("who was never in the room sees its state only where all may read", async () => {
  const room = await alice.createRoom({ preset: "public_chat", invite: [bob.id] });
  const visitor = await guest(home);
  for (const who of [bob, carol, visitor]) {
    expect(await who.inRoom(room, "GET", "/state")).toMatchObject(forbidden);
  }
  await alice.setState(room, "m.room.history_visibility", { history_visibility: "world_readable" });
  for (const who of [bob, carol, visitor]) expect((await who.inRoom(room, "GET", "/state")).status).toBe(200);
  expect(await carol.inRoom("!nowhere:localhost", "GET", "/state")).toMatchObject(forbidden);
});

describe("members", () => {
  const keysOf = async (who: Person, room: string, query = "") => {
    const { chunk } = (await who.inRoom(room, "GET", `/members${query}`)).body;
    return (chunk as unknown as { state_key: string }[]).map(({ state_key }) => state_key);
  };

  test("are listed by membership, and at a point in time", async () => {
    const room = await alice.createRoom({ invite: [bob.id, carol.id] });
    const position = (await home.db.selectFrom("hs_stream_head").select("position").executeTakeFirstOrThrow()).position;
    await bob.join(room);
    await leave(carol, room);
    expect(await keysOf(alice, room)).toEqual([alice.id, bob.id, carol.id]);
    expect(await keysOf(alice, room, "?membership=join")).toEqual([alice.id, bob.id]);
    expect(await keysOf(alice, room, "?not_membership=leave")).toEqual([alice.id, bob.id]);
    expect(await keysOf(alice, room, "?membership=leave&not_membership=join")).toEqual([carol.id]);
    for (const token of [`s${position}`, `t${position}`]) {
      expect(await keysOf(alice, room, `?at=${token}&membership=invite`)).toEqual([bob.id, carol.id]);
    }
    expect(await alice.inRoom(room, "GET", "/members?at=nonsense")).toMatchObject({
      status: 400,
      body: { errcode: "M_INVALID_PARAM" },
    });
  });

  test("who are joined are listed for those in the room only", async () => {
    const room = await alice.createRoom({ invite: [bob.id, carol.id] });
    await bob.join(room);
    await bob.setState(
      room,
      "m.room.member",
      { membership: "join", displayname: "Bobby", avatar_url: "nonsense" },
      bob.id,
    );
    expect((await alice.inRoom(room, "GET", "/joined_members")).body).toEqual({
      joined: { [alice.id]: {}, [bob.id]: { display_name: "Bobby" } },
    });
    expect(await carol.inRoom(room, "GET", "/joined_members")).toMatchObject(forbidden);
    await leave(bob, room);
    expect(await bob.inRoom(room, "GET", "/joined_members")).toMatchObject(forbidden);
  });
});

describe("the canonical alias", () => {
  test("has to lead to the room; one that did so before may stay", async () => {
    const [room, other] = [
      await alice.createRoom({ room_alias_name: "one" }),
      await alice.createRoom({ room_alias_name: "two" }),
    ];
    const set = (content: object) => alice.setState(room, "m.room.canonical_alias", content);
    const bad = { status: 400, body: { errcode: "M_BAD_ALIAS" } };
    expect(other).not.toBe(room);
    expect(await set({ alias: "#two:localhost" })).toMatchObject(bad);
    expect(await set({ alias: "#nowhere:localhost" })).toMatchObject(bad);
    expect(await set({ alias: "#one:localhost", alt_aliases: ["#two:localhost"] })).toMatchObject(bad);
    expect(await set({ alias: "nonsense" })).toMatchObject({ status: 400, body: { errcode: "M_INVALID_PARAM" } });
    await alice.call("PUT", "/directory/room/%23three%3Alocalhost", { room_id: room });
    expect((await set({ alias: "#one:localhost", alt_aliases: ["#three:localhost"] })).status).toBe(200);
    expect((await set({})).status).toBe(200);
  });
});
