import { afterAll, beforeEach, expect, test } from "vitest";
import { startHomeserver } from "../fixtures/homeserver.ts";
import { person } from "../rooms/fixtures/person.ts";
import type { Person } from "../rooms/fixtures/person.ts";
import { syncOf } from "../sync/fixtures/sync.ts";
import { related, send } from "../timeline/fixtures/events.ts";

let alice: Person;
let bob: Person;
let room: string;
let names = 0;

const home = await startHomeserver();

beforeEach(async () => {
  names += 1;
  [alice, bob] = [await person(home, `alice${names}`), await person(home, `bob${names}`)];
  room = await alice.createRoom({ preset: "public_chat" });
  await bob.join(room);
});

afterAll(() => home[Symbol.asyncDispose]());

const receipt = (who: Person, type: string, eventId: string, body: object = {}) =>
  who.inRoom(room, "POST", `/receipt/${type}/${encodeURIComponent(eventId)}`, body);

async function ephemeralOf(who: Person, since?: string): Promise<Record<string, unknown>> {
  const response = await syncOf(who, since === undefined ? {} : { since });
  const events = response.rooms?.join?.[room]?.ephemeral?.events ?? [];
  return Object.fromEntries(events.map(({ type, content }) => [type, content]));
}

const unreadOf = async (who: Person) =>
  (await syncOf(who)).rooms?.join?.[room]?.unread_notifications?.notification_count;

test("m.read is for everybody to see, m.read.private for the user alone; both clear notifications", async () => {
  const [first, second] = [await alice.say(room, "one"), await alice.say(room, "two")];
  expect(await unreadOf(bob)).toBe(2);
  const { next_batch: since } = await syncOf(alice);
  expect(await receipt(bob, "m.read", first)).toMatchObject({ status: 200, body: {} });
  const ts = home.clock.now();
  expect(await ephemeralOf(alice, since)).toEqual({ "m.receipt": { [first]: { "m.read": { [bob.id]: { ts } } } } });
  expect(await unreadOf(bob)).toBe(1);
  await receipt(bob, "m.read.private", second);
  expect(await ephemeralOf(alice)).toEqual({ "m.receipt": { [first]: { "m.read": { [bob.id]: { ts } } } } });
  expect(await ephemeralOf(bob, since)).toMatchObject({
    "m.receipt": { [second]: { "m.read.private": { [bob.id]: { ts } } } },
  });
  expect(await unreadOf(bob)).toBe(0);
});

test("receipts do not go back", async () => {
  const [first, second] = [await alice.say(room, "one"), await alice.say(room, "two")];
  await receipt(bob, "m.read", second);
  const { next_batch: since } = await syncOf(alice);
  expect((await receipt(bob, "m.read", first)).status).toBe(200);
  expect(await ephemeralOf(alice, since)).toEqual({});
});

test("receipts are for a thread, the main timeline or all, and for events that are there", async () => {
  const root = await alice.say(room, "root");
  const reply = await send(alice, room, "m.room.message", related("m.thread", root));
  const outside = await alice.say(room, "outside");
  expect((await receipt(bob, "m.read", reply, { thread_id: root })).status).toBe(200);
  expect((await receipt(bob, "m.read", root, { thread_id: root })).status).toBe(200);
  expect((await receipt(bob, "m.read", root, { thread_id: "main" })).status).toBe(200);
  for (const [event, thread] of [
    [reply, "main"],
    [outside, root],
    [outside, "$unheard-of"],
  ] as const) {
    const answer = await receipt(bob, "m.read", event, { thread_id: thread });
    expect(answer).toMatchObject({ status: 400, body: { errcode: "M_INVALID_PARAM" } });
  }
  expect((await receipt(bob, "m.fully_read", reply, { thread_id: root })).status).toBe(400);
  expect((await receipt(bob, "m.read", "$unheard-of")).status).toBe(404);
  const mallory = await person(home, `mallory${names}`);
  expect((await receipt(mallory, "m.read", root)).status).toBe(403);
  const content = (await ephemeralOf(alice))["m.receipt"];
  expect(content).toMatchObject({ [reply]: { "m.read": { [bob.id]: { thread_id: root } } } });
  expect(content).toMatchObject({ [root]: { "m.read": { [bob.id]: { thread_id: "main" } } } });
});

test("the read marker is account data of the room, goes forward only, and comes with receipts", async () => {
  const [first, second] = [await alice.say(room, "one"), await alice.say(room, "two")];
  const body = { "m.fully_read": second, "m.read": second, "m.read.private": second };
  expect((await bob.inRoom(room, "POST", "/read_markers", body)).status).toBe(200);
  await receipt(bob, "m.fully_read", first);
  const markers = (await syncOf(bob)).rooms?.join?.[room]?.account_data?.events;
  expect(markers).toContainEqual({ type: "m.fully_read", content: { event_id: second } });
  expect(await ephemeralOf(alice)).toMatchObject({ "m.receipt": { [second]: { "m.read": { [bob.id]: {} } } } });
  const wrong = { "m.fully_read": first, "m.read": "$unheard-of" };
  expect((await bob.inRoom(room, "POST", "/read_markers", wrong)).status).toBe(404);
});

const typing = (who: Person, as: Person, body: object) =>
  who.inRoom(room, "PUT", `/typing/${encodeURIComponent(as.id)}`, body);

test("who types is told until they stop or their time is over", async () => {
  let { next_batch: since } = await syncOf(alice);
  const news = async () => {
    const response = await syncOf(alice, { since });
    since = response.next_batch;
    return response.rooms?.join?.[room]?.ephemeral?.events?.map(({ content }) => content);
  };
  expect((await typing(bob, bob, { typing: true, timeout: 30_000 })).status).toBe(200);
  expect(await news()).toEqual([{ user_ids: [bob.id] }]);
  home.clock.advance(20_000);
  await typing(bob, bob, { typing: true, timeout: 30_000 });
  expect(await news()).toBeUndefined();
  home.clock.advance(29_999);
  expect(await news()).toBeUndefined();
  home.clock.advance(1);
  expect(await news()).toEqual([{ user_ids: [] }]);
  await typing(bob, bob, { typing: true });
  await news();
  await typing(bob, bob, { typing: false });
  expect(await news()).toEqual([{ user_ids: [] }]);
});

test("one types oneself, in rooms that one is in", async () => {
  const mallory = await person(home, `mallory${names}`);
  expect((await typing(mallory, bob, { typing: true })).status).toBe(403);
  expect((await typing(mallory, mallory, { typing: true })).status).toBe(403);
});
