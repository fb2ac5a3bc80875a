import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startHomeserver } from "../fixtures/homeserver.ts";
import type { TestHomeserver } from "../fixtures/homeserver.ts";
import { person } from "../rooms/fixtures/person.ts";
import type { Person } from "../rooms/fixtures/person.ts";
import { send } from "../timeline/fixtures/events.ts";
import { bodiesOf, keysOf, syncOf } from "./fixtures/sync.ts";

let home: TestHomeserver;
let alice: Person;
let bob: Person;
let names = 0;

beforeAll(async () => {
  home = await startHomeserver();
});

afterAll(() => home[Symbol.asyncDispose]());

async function newPeople(): Promise<void> {
  names += 1;
  [alice, bob] = [await person(home, `alice${names}`), await person(home, `bob${names}`)];
}

async function sharedRoom(body: object = {}): Promise<string> {
  await newPeople();
  const room = await alice.createRoom({ preset: "public_chat", ...body });
  await bob.join(room);
  return room;
}

const roomFilter = (room: object) => JSON.stringify({ room });

test("the first sync has the state and the latest messages of each room, the next one what is new", async () => {
  const room = await sharedRoom({ name: "The garden" });
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

describe("waiting", () => {
  test.each(["/v3/sync", "/v3/events"])("%s ends with a 401 as soon as the device is logged out", async (path) => {
    const room = await sharedRoom();
    const { next_batch: token } = await syncOf(bob);
    const query = { since: token, from: token, timeout: "3600000" };
    const waiting = home.call("GET", path, { token: bob.session.access_token, query });
    await home.call("POST", "/v3/logout", { token: bob.session.access_token });
    await alice.say(room, "not for who is logged out");
    expect(await waiting).toMatchObject({ status: 401, body: { errcode: "M_UNKNOWN_TOKEN" } });
  });

  test("ends as soon as something is said, and not for what is none of the user's business", async () => {
    const room = await sharedRoom();
    const { next_batch: since } = await syncOf(bob);
    const waiting = syncOf(bob, { since, timeout: "30000" });
    const carol = await person(home, `carol${names}`);
    await carol.say(await carol.createRoom(), "elsewhere");
    await alice.say(room, "hello");
    const { rooms } = await waiting;
    expect(bodiesOf(rooms?.join?.[room])).toEqual(["hello"]);
    expect(Object.keys(rooms?.join ?? {})).toEqual([room]);
  });

  test("ends with an invitation", async () => {
    await newPeople();
    const room = await alice.createRoom();
    const { next_batch: since } = await syncOf(bob);
    const waiting = syncOf(bob, { since, timeout: "30000" });
    await alice.invite(room, bob);
    expect(Object.keys((await waiting).rooms?.invite ?? {})).toEqual([room]);
  });

  test("many at once are all told", async () => {
    const room = await sharedRoom();
    const { next_batch: since } = await syncOf(bob);
    const waiting = Promise.all(Array.from({ length: 50 }, () => syncOf(bob, { since, timeout: "30000" })));
    await alice.say(room, "hello");
    for (const { rooms } of await waiting) expect(bodiesOf(rooms?.join?.[room])).toEqual(["hello"]);
  });
});

test.each(["nonsense", "s999999999", "s-1"])("the token %s is refused", async (since) => {
  await newPeople();
  expect(await alice.call("GET", `/sync?since=${since}`)).toMatchObject({
    status: 400,
    body: { errcode: "M_INVALID_PARAM" },
  });
});

describe("state", () => {
  test("is at the start of the timeline, or at its end where that is asked for", async () => {
    const room = await sharedRoom({ topic: "first" });
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
    const room = await sharedRoom();
    const { next_batch: since } = await syncOf(bob);
    await alice.say(room, "hello");
    await alice.setState(room, "m.room.topic", { topic: "news" });
    const filter = roomFilter({ timeline: { types: ["m.room.message"] } });
    const joined = (await syncOf(bob, { since, filter })).rooms?.join?.[room];
    expect(bodiesOf(joined)).toEqual(["hello"]);
    expect(keysOf(joined?.state?.events)).toEqual(["m.room.topic"]);
  });

  test("comes whole with full_state, with what is new in the timeline only", async () => {
    const room = await sharedRoom({ name: "name" });
    await alice.say(room, "old");
    const { next_batch: since } = await syncOf(bob);
    const joined = (await syncOf(bob, { since, full_state: "true", timeout: "30000" })).rooms?.join?.[room];
    expect(bodiesOf(joined)).toEqual([]);
    expect(keysOf(joined?.state?.events)).toEqual(
      expect.arrayContaining(["m.room.create", "m.room.name", "m.room.member"]),
    );
  });
});

describe("rooms come and go", () => {
  test("a room that the user joins comes whole", async () => {
    await newPeople();
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
    await newPeople();
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
    expect(state).toContainEqual(
      expect.objectContaining({ state_key: bob.id, sender: alice.id, type: "m.room.member" }),
    );
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
    const room = await sharedRoom();
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
    await newPeople();
    await bob.call("PUT", `/user/${bob.id}/account_data/m.ignored_user_list`, { ignored_users: { [alice.id]: {} } });
    const { next_batch: since } = await syncOf(bob);
    await alice.inRoom(await alice.createRoom(), "POST", "/invite", { user_id: bob.id });
    expect((await syncOf(bob, { since })).rooms).toBeUndefined();
  });
});

const knockable = { type: "m.room.join_rules", state_key: "", content: { join_rule: "knock" } };

describe("filters", () => {
  test("are stored once, are their owner's, and can be named", async () => {
    const room = await sharedRoom();
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
    const room = await sharedRoom();
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
    const room = await sharedRoom();
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

  test("lazy loading sends the members who write, each once, and who else there is on demand", async () => {
    const room = await sharedRoom();
    const carol = await person(home, `carol${names}`);
    await carol.join(room);
    const lazy = (more: object = {}) =>
      roomFilter({ timeline: { limit: 1 }, state: { lazy_load_members: true, types: ["m.room.member"], ...more } });
    const membersIn = async (query: Record<string, string>) => {
      const response = await syncOf(alice, { filter: lazy(), ...query });
      const state = response.rooms?.join?.[room]?.state?.events ?? [];
      return { members: state.map((event) => event.state_key).toSorted(), since: response.next_batch };
    };
    await bob.say(room, "hello");
    for (let index = 0; index < 6; index += 1) {
      const other = await person(home, `guest${names}x${index}`);
      await other.join(room);
    }
    await bob.say(room, "hello again");
    const first = await membersIn({});
    expect(first.members).not.toContain(`@guest${names}x5:localhost`); // neither a sender nor one of five heroes
    expect(first.members).toEqual(expect.arrayContaining([alice.id, bob.id]));
    await bob.say(room, "and again");
    const second = await membersIn({ since: first.since });
    expect(second.members).toEqual([]);
    await bob.say(room, "and again");
    const redundant = await membersIn({ since: second.since, filter: lazy({ include_redundant_members: true }) });
    expect(redundant.members).toEqual([bob.id]);
  });
});

test("lazy loading sends members whose coming a filter keeps from the timeline", async () => {
  const room = await sharedRoom();
  await bob.say(room, "hello");
  const filter = roomFilter({ timeline: { types: ["m.room.message"] }, state: { lazy_load_members: true } });
  const state = (await syncOf(alice, { filter })).rooms?.join?.[room]?.state?.events ?? [];
  expect(state.map((event) => event.state_key)).toContain(bob.id);
});

describe("what goes beside events", () => {
  test("account data, of the user and of a room", async () => {
    const room = await sharedRoom();
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
    await newPeople();
    const { next_batch: since } = await syncOf(bob);
    for (let index = 0; index < 101; index += 1) {
      const messages = { [bob.id]: { [bob.session.device_id]: { index } } };
      await alice.call("PUT", `/sendToDevice/org.example/${names}x${index}`, { messages });
    }
    const first = await syncOf(bob, { since });
    expect(first.to_device?.events).toHaveLength(100);
    expect((await syncOf(bob, { since })).to_device?.events).toHaveLength(100);
    const second = await syncOf(bob, { since: first.next_batch, timeout: "30000" });
    expect(second.to_device?.events?.map(({ content }) => content)).toEqual([{ index: 100 }]);
    expect((await syncOf(bob, { since: second.next_batch })).to_device).toBeUndefined();
  });

  test("presence of who shares a room, and of who comes to", async () => {
    await newPeople();
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
    const room = await sharedRoom();
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
});
