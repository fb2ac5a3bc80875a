import { afterAll, beforeEach, expect, test } from "vitest";
import { startHomeserver } from "../fixtures/homeserver.ts";
import type { Person } from "../rooms/fixtures/person.ts";
import { newPeople, roomFilter, sharedRoom, syncOf } from "./fixtures/sync.ts";

let alice: Person;
let bob: Person;

const home = await startHomeserver();

beforeEach(async () => {
  [alice, bob] = await newPeople(home, "alice", "bob");
});

afterAll(() => home[Symbol.asyncDispose]());

test("lazy loading sends the members who write, each once, and who else there is on demand", async () => {
  const room = await sharedRoom(alice, bob);
  const [carol] = await newPeople(home, "carol");
  await carol.join(room);
  const lazy = (more: object = {}) =>
    roomFilter({ timeline: { limit: 1 }, state: { lazy_load_members: true, types: ["m.room.member"], ...more } });
  const membersIn = async (query: Record<string, string>) => {
    const response = await syncOf(alice, { filter: lazy(), ...query });
    const state = response.rooms?.join?.[room]?.state?.events ?? [];
    return { members: state.map((event) => event.state_key).toSorted(), since: response.next_batch };
  };
  await bob.say(room, "hello");
  const others = await newPeople(home, ...Array<string>(6).fill("guest"));
  for (const other of others) await other.join(room);
  await bob.say(room, "hello again");
  const first = await membersIn({});
  expect(first.members).not.toContain(others[5]!.id); // neither a sender nor one of five heroes
  expect(first.members).toEqual(expect.arrayContaining([alice.id, bob.id]));
  await bob.say(room, "and again");
  const second = await membersIn({ since: first.since });
  expect(second.members).toEqual([]);
  await bob.say(room, "and again");
  const redundant = await membersIn({ since: second.since, filter: lazy({ include_redundant_members: true }) });
  expect(redundant.members).toEqual([bob.id]);
});

test("lazy loading sends members whose coming a filter keeps from the timeline", async () => {
  const room = await sharedRoom(alice, bob);
  await bob.say(room, "hello");
  const filter = roomFilter({ timeline: { types: ["m.room.message"] }, state: { lazy_load_members: true } });
  const state = (await syncOf(alice, { filter })).rooms?.join?.[room]?.state?.events ?? [];
  expect(state.map((event) => event.state_key)).toContain(bob.id);
});

test("lazy loading sends whom the room is named after, also where that changes", async () => {
  const room = await sharedRoom(alice, bob);
  const others = await newPeople(home, ...Array<string>(5).fill("guest"));
  for (const other of others) await other.join(room);
  const filter = roomFilter({ timeline: { limit: 1 }, state: { lazy_load_members: true, types: ["m.room.member"] } });
  const membersSince = async (since?: string) => {
    const response = await syncOf(alice, { filter, ...(since !== undefined && { since }) });
    const { summary, state } = response.rooms?.join?.[room] ?? {};
    const members = state?.events?.map((event) => event.state_key) ?? [];
    return { heroes: summary?.["m.heroes"], members, since: response.next_batch };
  };
  const last = others.at(-1)!.id;
  await alice.say(room, "hello");
  const first = await membersSince();
  expect(first.heroes).not.toContain(last);
  expect(first.members).not.toContain(last);
  await bob.inRoom(room, "POST", "/leave", {});
  const second = await membersSince(first.since);
  expect(second.heroes).toContain(last);
  expect(second.members).toEqual([last]);
});
