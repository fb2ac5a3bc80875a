import { afterAll, beforeEach, expect, test } from "vitest";
import { startHomeserver } from "../fixtures/homeserver.ts";
import type { Person } from "../rooms/fixtures/person.ts";
import { bodiesOf, keysOf, newPeople, roomFilter, sharedRoom, syncOf } from "./fixtures/sync.ts";

let alice: Person;
let bob: Person;

const home = await startHomeserver();

beforeEach(async () => {
  [alice, bob] = await newPeople(home, "alice", "bob");
});

afterAll(() => home[Symbol.asyncDispose]());

const knockable = { type: "m.room.join_rules", state_key: "", content: { join_rule: "knock" } };

test("a room that the user joins comes whole", async () => {
  const room = await alice.createRoom({ preset: "public_chat", name: "name" });
  await alice.say(room, "before");
  const { next_batch: since } = await syncOf(bob);
  await bob.join(room);
  const filter = roomFilter({ timeline: { limit: 1 } });
  const joined = (await syncOf(bob, { since, filter })).rooms?.join?.[room];
  expect(keysOf(joined?.state?.events)).toContain("m.room.name");
  expect(joined?.timeline?.limited).toBe(true);
  const all = (await syncOf(bob, { since })).rooms?.join?.[room];
  expect(bodiesOf(all)).toEqual(["before"]);
});

test("an invitation has some of the room's state, a knock too, and what ends them is told", async () => {
  const room = await alice.createRoom({ name: "The garden", initial_state: [knockable] });
  let since = (await syncOf(bob)).next_batch;
  await bob.call("POST", `/knock/${encodeURIComponent(room)}`, {});
  const knocked = await syncOf(bob, { since });
  expect(keysOf(knocked.rooms?.knock?.[room]?.knock_state?.events)).toEqual(
    expect.arrayContaining(["m.room.create", "m.room.name", "m.room.member"]),
  );
  await alice.invite(room, bob);
  const invited = await syncOf(bob, { since: knocked.next_batch });
  const state = invited.rooms?.invite?.[room]?.invite_state?.events ?? [];
  expect(state).toContainEqual(expect.objectContaining({ state_key: bob.id, sender: alice.id, type: "m.room.member" }));
  expect(Object.keys((await syncOf(bob)).rooms?.invite ?? {})).toEqual([room]);
  since = invited.next_batch;
  await alice.say(room, "not yours to see");
  await bob.inRoom(room, "POST", "/leave", {});
  const left = (await syncOf(bob, { since })).rooms?.leave?.[room];
  expect(left?.timeline?.events.map(({ content }) => content["membership"])).toEqual(["leave"]);
  expect(left?.state?.events).toEqual([]);
  expect((await syncOf(bob)).rooms).toBeUndefined();
});

test("who leaves or is banned is told what happened until then, and no more", async () => {
  const room = await sharedRoom(alice, bob);
  const { next_batch: since } = await syncOf(bob);
  await alice.say(room, "last words");
  await alice.inRoom(room, "POST", "/ban", { user_id: bob.id });
  await alice.say(room, "now we can talk");
  const { rooms, next_batch } = await syncOf(bob, { since });
  expect(bodiesOf(rooms?.leave?.[room])).toEqual(["last words"]);
  expect(rooms?.leave?.[room]?.timeline?.events.at(-1)?.content).toMatchObject({ membership: "ban" });
  await alice.say(room, "and on");
  expect((await syncOf(bob, { since: next_batch })).rooms).toBeUndefined();
  expect((await syncOf(bob)).rooms).toBeUndefined();
  const archived = (await syncOf(bob, { filter: roomFilter({ include_leave: true }) })).rooms?.leave?.[room];
  expect(bodiesOf(archived)).toEqual(["last words"]);
});

test("invitations of ignored users do not come", async () => {
  await bob.call("PUT", `/user/${bob.id}/account_data/m.ignored_user_list`, { ignored_users: { [alice.id]: {} } });
  const { next_batch: since } = await syncOf(bob);
  await alice.inRoom(await alice.createRoom(), "POST", "/invite", { user_id: bob.id });
  expect((await syncOf(bob, { since })).rooms).toBeUndefined();
});

test("a room that the user joins comes with what they stored for it before", async () => {
  const room = await alice.createRoom({ preset: "public_chat" });
  await bob.call("PUT", `/user/${bob.id}/rooms/${encodeURIComponent(room)}/tags/m.favourite`, { order: 0.5 });
  const { next_batch: since } = await syncOf(bob);
  await bob.join(room);
  const joined = (await syncOf(bob, { since })).rooms?.join?.[room];
  expect(keysOf(joined?.account_data?.events)).toEqual(["m.tag"]);
});
