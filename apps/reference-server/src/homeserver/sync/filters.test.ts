import { afterAll, beforeEach, expect, test } from "vitest";
import { startHomeserver } from "../fixtures/homeserver.ts";
import type { Person } from "../rooms/fixtures/person.ts";
import { bodiesOf, newPeople, roomFilter, sharedRoom, syncOf } from "./fixtures/sync.ts";

let alice: Person;
let bob: Person;

const home = await startHomeserver();

beforeEach(async () => {
  [alice, bob] = await newPeople(home, "alice", "bob");
});

afterAll(() => home[Symbol.asyncDispose]());

test("are stored once, are their owner's, and can be named", async () => {
  const room = await sharedRoom(alice, bob);
  await alice.say(room, "one");
  await alice.say(room, "two");
  const filter = { room: { timeline: { limit: 1 } } };
  const path = `/user/${encodeURIComponent(alice.id)}/filter`;
  const { filter_id: id } = (await alice.call("POST", path, filter)).body;
  expect((await alice.call("POST", path, filter)).body["filter_id"]).toBe(id);
  expect((await alice.call("GET", `${path}/${id as string}`)).body).toEqual(filter);
  expect(bodiesOf((await syncOf(alice, { filter: id as string })).rooms?.join?.[room])).toEqual(["two"]);
  expect((await bob.call("GET", `${path}/${id as string}`)).status).toBe(403);
  expect((await bob.call("POST", path, filter)).status).toBe(403);
  expect((await alice.call("GET", `${path}/unheard-of`)).status).toBe(404);
  expect((await alice.call("GET", "/sync?filter=unheard-of")).status).toBe(400);
  expect((await alice.call("GET", `/sync?filter=${encodeURIComponent('{"room": 1}')}`)).status).toBe(400);
});

test("choose rooms, fields and the form of events", async () => {
  const room = await sharedRoom(alice, bob);
  await alice.createRoom();
  await alice.say(room, "hello");
  const some = await syncOf(alice, { filter: roomFilter({ rooms: [room] }) });
  expect(Object.keys(some.rooms?.join ?? {})).toEqual([room]);
  const others = await syncOf(alice, { filter: roomFilter({ not_rooms: [room] }) });
  expect(Object.keys(others.rooms?.join ?? {})).not.toContain(room);
  const fields = await syncOf(alice, { filter: JSON.stringify({ event_fields: ["content.body"] }) });
  const last = fields.rooms?.join?.[room]?.timeline?.events.at(-1);
  expect(last?.content).toEqual({ body: "hello" });
  expect(last).not.toHaveProperty("unsigned");
  const raw = await syncOf(alice, { filter: JSON.stringify({ event_format: "federation" }) });
  expect(raw.rooms?.join?.[room]?.timeline?.events.at(-1)).toMatchObject({
    room_id: room,
    hashes: expect.anything(),
  });
});

test("with nothing to pass, nothing comes", async () => {
  const room = await sharedRoom(alice, bob);
  const { next_batch: since } = await syncOf(bob);
  await alice.say(room, "hello");
  const nothing = { not_types: ["*"] };
  const filter = JSON.stringify({
    presence: nothing,
    account_data: nothing,
    room: { timeline: nothing, ephemeral: nothing },
  });
  expect((await syncOf(bob, { since, filter })).rooms).toBeUndefined();
});

test("choose the rooms that each kind of thing is of interest from", async () => {
  const [room, other] = [await alice.createRoom(), await alice.createRoom()];
  for (const of of [room, other]) {
    await alice.say(of, "hello");
    await alice.call("PUT", `/user/${alice.id}/rooms/${encodeURIComponent(of)}/tags/m.favourite`, {});
  }
  const here = { rooms: [room] };
  const { rooms } = await syncOf(alice, { filter: roomFilter({ timeline: here, account_data: here, state: here }) });
  const told = (of: string) => {
    const { timeline, account_data, state } = rooms?.join?.[of] ?? {};
    return [timeline, account_data, state].map((section) => (section?.events?.length ?? 0) > 0);
  };
  expect(told(room)).toEqual([true, true, false]); // all of its state is in its timeline
  expect(told(other)).toEqual([false, false, false]);
});
