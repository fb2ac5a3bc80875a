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

test("is at the start of the timeline, or at its end where that is asked for", async () => {
  const room = await sharedRoom(alice, bob, { topic: "first" });
  const { next_batch: since } = await syncOf(bob);
  await alice.setState(room, "m.room.topic", { topic: "second" });
  await alice.setState(room, "m.room.name", { name: "name" });
  await alice.setState(room, "m.room.topic", { topic: "third" });
  const filter = roomFilter({ timeline: { limit: 1 } });
  const before = (await syncOf(bob, { since, filter })).rooms?.join?.[room];
  expect(before?.timeline).toMatchObject({ limited: true });
  expect(keysOf(before?.state?.events)).toEqual(["m.room.topic", "m.room.name"]);
  expect(before?.state?.events?.[0]?.content).toEqual({ topic: "second" });
  expect(before).not.toHaveProperty("state_after");
  const after = (await syncOf(bob, { since, filter, use_state_after: "true" })).rooms?.join?.[room];
  expect(after?.state_after?.events?.map(({ content }) => content)).toEqual([{ name: "name" }, { topic: "third" }]);
  expect(after).not.toHaveProperty("state");
});

test("has what a filter keeps from the timeline", async () => {
  const room = await sharedRoom(alice, bob);
  const { next_batch: since } = await syncOf(bob);
  await alice.say(room, "hello");
  await alice.setState(room, "m.room.topic", { topic: "news" });
  const filter = roomFilter({ timeline: { types: ["m.room.message"] } });
  const joined = (await syncOf(bob, { since, filter })).rooms?.join?.[room];
  expect(bodiesOf(joined)).toEqual(["hello"]);
  expect(keysOf(joined?.state?.events)).toEqual(["m.room.topic"]);
});

test("comes whole with full_state, with what is new in the timeline only", async () => {
  const room = await sharedRoom(alice, bob, { name: "name" });
  await alice.say(room, "old");
  const { next_batch: since } = await syncOf(bob);
  const joined = (await syncOf(bob, { since, full_state: "true", timeout: "30000" })).rooms?.join?.[room];
  expect(bodiesOf(joined)).toEqual([]);
  expect(keysOf(joined?.state?.events)).toEqual(
    expect.arrayContaining(["m.room.create", "m.room.name", "m.room.member"]),
  );
});
