import { afterAll, beforeAll, expect, test } from "vitest";
import type { components } from "@matrix-openapi/definitions/client-server";
import { startHomeserver } from "../fixtures/homeserver.ts";
import type { TestHomeserver } from "../fixtures/homeserver.ts";
import { person } from "../rooms/fixtures/person.ts";
import type { Person } from "../rooms/fixtures/person.ts";
import { redact } from "../timeline/fixtures/events.ts";

let home: TestHomeserver;
let alice: Person;
let bob: Person;
let garden: string;
let kitchen: string;

beforeAll(async () => {
  home = await startHomeserver();
  [alice, bob] = [await person(home, "alice"), await person(home, "bob")];
  await alice.call("PUT", `/profile/${alice.id}/displayname`, { displayname: "Alice" });
  garden = await alice.createRoom({ preset: "public_chat", name: "Roses and more" });
  kitchen = await alice.createRoom();
  await alice.say(garden, "The roses are out");
  home.clock.advance(1000);
  await bob.join(garden);
  await bob.say(garden, "Roses!");
  home.clock.advance(1000);
  await alice.say(kitchen, "No roses in the kitchen, but a crème brûlée and some more roses");
});

afterAll(() => home[Symbol.asyncDispose]());

type Results = components["schemas"]["EventSearchResults"];

async function search(who: Person, search_term: string, more: object = {}, next?: string): Promise<Results> {
  const body = { search_categories: { room_events: { search_term, ...more } } };
  const answer = await who.call("POST", `/search${next === undefined ? "" : `?next_batch=${next}`}`, body);
  if (answer.status !== 200) throw new Error(`no search: ${answer.text}`);
  return (answer.body as unknown as components["schemas"]["SearchResponse"]).search_categories.room_events ?? {};
}

const bodies = ({ results = [] }: Results) =>
  results.map(({ result }) => result?.content["body"] ?? result?.content["name"]);

const all = ["Roses!", "Roses and more", "The roses are out"];
const inKitchen = "No roses in the kitchen, but a crème brûlée and some more roses";

test("finds what has all the words, in any case and without accents, the best first", async () => {
  const found = await search(alice, "ROSES");
  expect(bodies(found)).toEqual([...all, inKitchen]);
  expect(found.count).toBe(4);
  expect(found.highlights).toEqual(["roses"]);
  const ranks = found.results?.map(({ rank }) => rank ?? 0) ?? [];
  expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
  expect(bodies(await search(alice, "creme kitchen"))).toEqual([inKitchen]);
  expect(bodies(await search(alice, "roses tulips"))).toEqual([]);
  expect(bodies(await search(alice, " ! "))).toEqual([]);
});

test("the newest first where that is asked for, in some fields, rooms and of some senders only", async () => {
  expect(bodies(await search(alice, "roses", { order_by: "recent" }))[0]).toBe(inKitchen);
  expect(bodies(await search(alice, "roses", { keys: ["content.name"] }))).toEqual(["Roses and more"]);
  expect(bodies(await search(alice, "roses", { filter: { rooms: [kitchen] } }))).toEqual([inKitchen]);
  expect(bodies(await search(alice, "roses", { filter: { senders: [bob.id] } }))).toEqual(["Roses!"]);
});

test("only what the user may see is found, and nothing that is redacted", async () => {
  expect(bodies(await search(bob, "roses"))).toEqual(all);
  const mallory = await person(home, "mallory");
  expect(bodies(await search(mallory, "roses"))).toEqual([]);
  const spam = await bob.say(garden, "unwanted");
  expect(bodies(await search(alice, "unwanted"))).toEqual(["unwanted"]);
  await redact(alice, garden, spam);
  expect(bodies(await search(alice, "unwanted"))).toEqual([]);
});

test("pages and groups lead to everything once", async () => {
  const filter = { limit: 2 };
  const first = await search(alice, "roses", { filter });
  const second = await search(alice, "roses", { filter }, first.next_batch);
  expect([...bodies(first), ...bodies(second)]).toEqual([...all, inKitchen]);
  expect(second.next_batch).toBeUndefined();

  const groupings = { group_by: [{ key: "room_id" }, { key: "sender" }] };
  const grouped = await search(alice, "roses", { filter: { limit: 1 }, groupings });
  const group = grouped.groups?.["room_id"]?.[garden];
  expect(group).toMatchObject({ order: 0, results: [grouped.results?.[0]?.result?.event_id] });
  const more = await search(alice, "roses", { groupings }, group?.next_batch);
  expect(bodies(more)).toEqual(all.slice(1));
  expect(Object.keys(grouped.groups?.["sender"] ?? {})).toEqual([bob.id]);
  const refused = await alice.call("POST", "/search?next_batch=x", {
    search_categories: { room_events: { search_term: "x" } },
  });
  expect(refused).toMatchObject({ status: 400, body: { errcode: "M_INVALID_PARAM" } });
});

test("comes with what stands around, profiles and state where that is asked for", async () => {
  const event_context = { before_limit: 1, after_limit: 1, include_profile: true };
  const found = await search(alice, "out", { event_context, include_state: true });
  const context = found.results?.[0]?.context;
  expect(context?.events_before).toHaveLength(1);
  expect(context?.events_after?.[0]).toMatchObject({ type: "m.room.member", state_key: bob.id });
  expect(context?.profile_info?.[alice.id]).toMatchObject({ displayname: "Alice" });
  expect(found.state?.[garden]).toContainEqual(expect.objectContaining({ type: "m.room.name" }));
});

test("what has just been said is found, however much it is", async () => {
  const room = await alice.createRoom();
  const messages = Array.from({ length: 120 }, (_, number) => alice.say(room, `tulip ${number}`));
  const [first = ""] = await Promise.all(messages);
  expect(await search(alice, "tulip")).toMatchObject({ count: 120 });
  await redact(alice, room, first);
  await redact(alice, room, await alice.say(room, "tulip, redacted before anybody looks for it"));
  expect(await search(alice, "tulip")).toMatchObject({ count: 119 });
});

test("words are indexed although nobody searches", async () => {
  const eventId = await alice.say(kitchen, "cinnamon");
  const words = () => home.db.selectFrom("hs_search_words").select("word").where("event_id", "=", eventId).execute();
  await expect.poll(words, { timeout: 10_000 }).toEqual([{ word: "cinnamon" }]);
});
