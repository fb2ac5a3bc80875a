import { afterAll, beforeEach, expect, test } from "vitest";
import { startHomeserver } from "../fixtures/homeserver.ts";
import type { Person } from "../rooms/fixtures/person.ts";
import { bodiesOf, newPeople, sharedRoom, syncOf } from "./fixtures/sync.ts";

let alice: Person;
let bob: Person;

const home = await startHomeserver();

beforeEach(async () => {
  [alice, bob] = await newPeople(home, "alice", "bob");
});

afterAll(() => home[Symbol.asyncDispose]());

test.each(["/v3/sync", "/v3/events"])("%s ends with a 401 as soon as the device is logged out", async (path) => {
  const room = await sharedRoom(alice, bob);
  const { next_batch: token } = await syncOf(bob);
  const query = { since: token, from: token, timeout: "3600000" };
  const waiting = home.call("GET", path, { token: bob.session.access_token, query });
  await home.call("POST", "/v3/logout", { token: bob.session.access_token });
  await alice.say(room, "not for who is logged out");
  expect(await waiting).toMatchObject({ status: 401, body: { errcode: "M_UNKNOWN_TOKEN" } });
});

test("ends as soon as something is said, and not for what is none of the user's business", async () => {
  const room = await sharedRoom(alice, bob);
  const { next_batch: since } = await syncOf(bob);
  const waiting = syncOf(bob, { since, timeout: "30000" });
  const [carol] = await newPeople(home, "carol");
  await carol.say(await carol.createRoom(), "elsewhere");
  await alice.say(room, "hello");
  const { rooms } = await waiting;
  expect(bodiesOf(rooms?.join?.[room])).toEqual(["hello"]);
  expect(Object.keys(rooms?.join ?? {})).toEqual([room]);
});

test("ends with an invitation", async () => {
  const room = await alice.createRoom();
  const { next_batch: since } = await syncOf(bob);
  const waiting = syncOf(bob, { since, timeout: "30000" });
  await alice.invite(room, bob);
  expect(Object.keys((await waiting).rooms?.invite ?? {})).toEqual([room]);
});

test("many at once are all told", async () => {
  const room = await sharedRoom(alice, bob);
  const { next_batch: since } = await syncOf(bob);
  const waiting = Promise.all(Array.from({ length: 50 }, () => syncOf(bob, { since, timeout: "30000" })));
  await alice.say(room, "hello");
  for (const { rooms } of await waiting) expect(bodiesOf(rooms?.join?.[room])).toEqual(["hello"]);
});
