import { afterAll, beforeEach, expect, test } from "vitest";
import { startHomeserver } from "../fixtures/homeserver.ts";
import type { Person } from "../rooms/fixtures/person.ts";
import { send } from "../timeline/fixtures/events.ts";
import { bodiesOf, newPeople, roomFilter, sharedRoom, syncOf } from "./fixtures/sync.ts";

let alice: Person;
let bob: Person;

const home = await startHomeserver();

beforeEach(async () => {
  [alice, bob] = await newPeople(home, "alice", "bob");
});

afterAll(() => home[Symbol.asyncDispose]());

test("the first sync has the state and the latest messages of each room, the next one what is new", async () => {
  const room = await sharedRoom(alice, bob, { name: "The garden" });
  await alice.say(room, "one");
  const first = await syncOf(alice);
  const joined = first.rooms?.join?.[room];
  expect(bodiesOf(joined)).toEqual(["one"]);
  expect(joined?.timeline).toMatchObject({ limited: false });
  expect(joined?.summary).toMatchObject({
    "m.heroes": [bob.id],
    "m.joined_member_count": 2,
    "m.invited_member_count": 0,
  });
  await alice.say(room, "two");
  const second = await syncOf(alice, { since: first.next_batch });
  expect(bodiesOf(second.rooms?.join?.[room])).toEqual(["two"]);
  expect(second.rooms?.join?.[room]?.summary).toBeUndefined();
  const third = await syncOf(alice, { since: second.next_batch });
  expect(third.rooms).toBeUndefined();
  expect(bodiesOf((await syncOf(alice, { since: first.next_batch })).rooms?.join?.[room])).toEqual(["two"]);
});

test.each(["nonsense", "s999999999", "s-1"])("the token %s is refused", async (since) => {
  expect(await alice.call("GET", `/sync?since=${since}`)).toMatchObject({
    status: 400,
    body: { errcode: "M_INVALID_PARAM" },
  });
});

test("account data, of the user and of a room", async () => {
  const room = await sharedRoom(alice, bob);
  const { next_batch: since } = await syncOf(bob);
  await bob.call("PUT", `/user/${bob.id}/account_data/org.example`, { a: 1 });
  await bob.call("PUT", `/user/${bob.id}/rooms/${encodeURIComponent(room)}/tags/m.favourite`, { order: 0.5 });
  const response = await syncOf(bob, { since });
  expect(response.account_data?.events).toEqual([{ type: "org.example", content: { a: 1 } }]);
  const ofRoom = response.rooms?.join?.[room]?.account_data?.events;
  expect(ofRoom).toEqual([{ type: "m.tag", content: { tags: { "m.favourite": { order: 0.5 } } } }]);
  expect((await syncOf(alice, { since })).account_data).toBeUndefined();
  expect((await syncOf(bob)).account_data?.events?.map(({ type }) => type)).toEqual(
    expect.arrayContaining(["m.push_rules", "org.example"]),
  );
});

test("messages to the device come until they are acknowledged, at most 100 at once", async () => {
  const { next_batch: since } = await syncOf(bob);
  for (let index = 0; index < 101; index += 1) {
    const messages = { [bob.id]: { [bob.session.device_id]: { index } } };
    await alice.call("PUT", `/sendToDevice/org.example/${index}`, { messages });
  }
  const first = await syncOf(bob, { since });
  expect(first.to_device?.events).toHaveLength(100);
  expect((await syncOf(bob, { since })).to_device?.events).toHaveLength(100);
  const second = await syncOf(bob, { since: first.next_batch, timeout: "30000" });
  expect(second.to_device?.events?.map(({ content }) => content)).toEqual([{ index: 100 }]);
  expect((await syncOf(bob, { since: second.next_batch })).to_device).toBeUndefined();
});

test("presence of who shares a room, and of who comes to", async () => {
  const room = await alice.createRoom({ preset: "public_chat" });
  await syncOf(alice);
  const { next_batch: since } = await syncOf(bob);
  const presenceOf = async (token: string) =>
    (await syncOf(bob, { since: token })).presence?.events?.map(({ sender }) => sender) ?? [];
  expect(await presenceOf(since)).toEqual([]);
  await bob.join(room);
  expect(await presenceOf(since)).toContain(alice.id);
});

test("what is unread, by thread where that is asked for", async () => {
  const room = await sharedRoom(alice, bob);
  const { next_batch: since } = await syncOf(bob);
  const root = await alice.say(room, "root");
  await send(alice, room, "m.room.message", {
    msgtype: "m.text",
    body: "reply",
    "m.relates_to": { rel_type: "m.thread", event_id: root },
  });
  const all = (await syncOf(bob, { since })).rooms?.join?.[room];
  expect(all?.unread_notifications).toEqual({ notification_count: 2, highlight_count: 0 });
  expect(all).not.toHaveProperty("unread_thread_notifications");
  const filter = roomFilter({ timeline: { unread_thread_notifications: true } });
  const apart = (await syncOf(bob, { since, filter })).rooms?.join?.[room];
  expect(apart?.unread_notifications?.notification_count).toBe(1);
  expect(apart?.unread_thread_notifications).toEqual({ [root]: { notification_count: 1, highlight_count: 0 } });
});
