import { afterAll, describe, expect, test } from "vitest";
import { startHomeserver } from "../fixtures/homeserver.ts";
import { guest, person } from "../rooms/fixtures/person.ts";
import type { Person } from "../rooms/fixtures/person.ts";
import { syncOf } from "../sync/fixtures/sync.ts";
import { eventOf, messagesOf, redact, send, textsOf } from "./fixtures/events.ts";

const home = await startHomeserver();
const [alice, bob] = [await person(home, "alice"), await person(home, "bob")];

afterAll(() => home[Symbol.asyncDispose]());

async function roomWith(count: number, body: object = {}): Promise<string> {
  const room = await alice.createRoom({ preset: "public_chat", ...body });
  for (let index = 1; index <= count; index += 1) await alice.say(room, String(index));
  return room;
}

describe("/messages", () => {
  test.each(["b", "f"])("pages through everything once and ends, dir=%s", async (dir) => {
    const room = await roomWith(10);
    const events: string[] = [];
    for (let from: string | undefined; ;) {
      const page = await messagesOf(alice, room, { dir, limit: "3", ...(from !== undefined && { from }) });
      if (from !== undefined) expect(page.start).toBe(from);
      events.push(...page.chunk.map((event) => event.event_id));
      if (page.end === undefined) break;
      from = page.end;
    }
    const all = (await messagesOf(alice, room, { dir, limit: "100" })).chunk.map((event) => event.event_id);
    expect(events).toEqual(all);
    expect(new Set(events)).toHaveLength(events.length);
  });

  test("goes on from the tokens of /sync, to both sides, and up to `to`", async () => {
    const room = await roomWith(6);
    const filter = JSON.stringify({ room: { timeline: { limit: 2 } } });
    const first = await syncOf(alice, { filter });
    const timeline = first.rooms?.join?.[room]?.timeline;
    expect(timeline?.limited).toBe(true);
    const before = await messagesOf(alice, room, { dir: "b", from: timeline?.prev_batch ?? "", limit: "2" });
    expect(textsOf(before.chunk)).toEqual(["4", "3"]);
    await alice.say(room, "7");
    await alice.say(room, "8");
    expect(textsOf((await messagesOf(alice, room, { dir: "f", from: first.next_batch })).chunk)).toEqual(["7", "8"]);
    const bounded = await messagesOf(alice, room, { dir: "b", to: first.next_batch });
    expect(textsOf(bounded.chunk)).toEqual(["8", "7"]);
    expect(bounded.end).toBeUndefined();
  });

  test("filters by type, sender and url, and loads the members that wrote", async () => {
    const room = await roomWith(1);
    await bob.join(room);
    await bob.say(room, "from bob");
    await send(bob, room, "m.room.message", { msgtype: "m.image", body: "picture", url: "mxc://localhost/x" });
    const filtered = async (filter: object) =>
      messagesOf(alice, room, { dir: "f", filter: JSON.stringify(filter), limit: "100" });
    expect(textsOf((await filtered({ senders: [bob.id], types: ["m.room.mess*"] })).chunk)).toEqual([
      "from bob",
      "picture",
    ]);
    expect(textsOf((await filtered({ contains_url: true })).chunk)).toEqual(["picture"]);
    expect(textsOf((await filtered({ not_senders: [bob.id] })).chunk)).toEqual(["1"]);
    expect((await filtered({ not_types: ["*"] })).chunk).toEqual([]);
    const { state } = await filtered({ senders: [bob.id], lazy_load_members: true });
    expect(state?.map((event) => event.state_key)).toEqual([bob.id]);
  });

  test.each([
    ["dir=b&from=nonsense", "M_INVALID_PARAM"],
    ["dir=b&filter=nonsense", "M_INVALID_PARAM"],
    [`dir=b&filter=${encodeURIComponent('{"types": 1}')}`, "M_INVALID_PARAM"],
    ["limit=1", "M_MISSING_PARAM"],
  ])("refuses %s", async (query, errcode) => {
    const room = await roomWith(0);
    expect(await alice.inRoom(room, "GET", `/messages?${query}`)).toMatchObject({ status: 400, body: { errcode } });
  });

  test("is for who is or was in the room, unless all may read it", async () => {
    const room = await roomWith(1);
    expect((await bob.inRoom(room, "GET", "/messages?dir=b")).status).toBe(403);
    await alice.setState(room, "m.room.history_visibility", { history_visibility: "world_readable" });
    await alice.say(room, "for all");
    expect(textsOf((await messagesOf(bob, room, { dir: "b" })).chunk)).toEqual(["for all"]);
    expect(textsOf((await messagesOf(await guest(home), room, { dir: "b" })).chunk)).toEqual(["for all"]);
  });
});

describe("history visibility", () => {
  test.each([
    ["shared", ["before the invitation", "while invited", "while joined"]],
    ["invited", ["while invited", "while joined"]],
    ["joined", ["while joined"]],
  ])("%s", async (visibility, seen) => {
    const content = { history_visibility: visibility };
    const initial_state = [{ type: "m.room.history_visibility", state_key: "", content }];
    const room = await alice.createRoom({ initial_state });
    await alice.say(room, "before the invitation");
    await alice.invite(room, bob);
    const secret = await alice.say(room, "while invited");
    await bob.join(room);
    await alice.say(room, "while joined");
    await bob.inRoom(room, "POST", "/leave", {});
    const later = await alice.say(room, "after leaving");
    const { chunk } = await messagesOf(bob, room, { dir: "f", limit: "100" });
    expect(textsOf(chunk)).toEqual(seen);
    const ownMemberships = chunk
      .filter(({ state_key }) => state_key === bob.id)
      .map(({ content: c }) => c["membership"]);
    expect(ownMemberships).toEqual(expect.arrayContaining(["join", "leave"]));
    const status = seen.includes("while invited") ? 200 : 404;
    expect((await bob.inRoom(room, "GET", `/event/${encodeURIComponent(secret)}`)).status).toBe(status);
    expect((await bob.inRoom(room, "GET", `/event/${encodeURIComponent(later)}`)).status).toBe(404);
    expect((await bob.inRoom(room, "GET", `/context/${encodeURIComponent(later)}`)).status).toBe(404);
  });
});

describe("events as clients get them", () => {
  test("have their age, the user's membership, what they replaced, and the sender's transaction ID", async () => {
    const room = await alice.createRoom({ preset: "public_chat" });
    await alice.setState(room, "m.room.topic", { topic: "one" });
    const second = (await alice.setState(room, "m.room.topic", { topic: "two" })).body["event_id"] as string;
    await bob.join(room);
    home.clock.advance(1500);
    const shown = await eventOf(alice, room, second);
    expect(shown.unsigned).toMatchObject({ age: 1500, membership: "join", prev_content: { topic: "one" } });
    expect(shown.unsigned?.replaces_state).toMatch(/^\$/);
    expect((await eventOf(bob, room, second)).unsigned?.membership).toBe("leave");

    const sent = await alice.inRoom(room, "PUT", "/send/m.room.message/my-transaction", {
      msgtype: "m.text",
      body: "x",
    });
    const eventId = sent.body["event_id"] as string;
    expect((await eventOf(alice, room, eventId)).unsigned?.transaction_id).toBe("my-transaction");
    expect((await eventOf(bob, room, eventId)).unsigned?.transaction_id).toBeUndefined();
    const other = (await home.login("alice")).body;
    const path = `/v3/rooms/${encodeURIComponent(room)}/event/${encodeURIComponent(eventId)}`;
    const elsewhere = await home.call("GET", path, { token: other.access_token });
    expect(elsewhere.body["unsigned"]).not.toHaveProperty("transaction_id");
  });

  test.each(["10", "11"])("come redacted, with the redaction, in version %s", async (room_version) => {
    const room = await alice.createRoom({ room_version });
    const message = await alice.say(room, "secret");
    const redaction = await redact(alice, room, message);
    const shown = await eventOf(alice, room, message);
    expect(shown.content).toEqual({});
    expect(shown.unsigned?.redacted_because).toMatchObject({ event_id: redaction, content: { reason: "spam" } });
    expect(await eventOf(alice, room, redaction)).toMatchObject({ redacts: message, content: { redacts: message } });
  });

  test("of ignored users are left out, but for state", async () => {
    const room = await roomWith(0);
    await bob.join(room);
    const carol = await person(home, "carol");
    await carol.join(room);
    await bob.say(room, "noise");
    await alice.say(room, "music");
    const list = { ignored_users: { [bob.id]: {} } };
    await carol.call("PUT", `/user/${carol.id}/account_data/m.ignored_user_list`, list);
    const { chunk } = await messagesOf(carol, room, { dir: "b", limit: "100" });
    expect(textsOf(chunk)).toEqual(["music"]);
    expect(chunk.some(({ sender, type }) => sender === bob.id && type === "m.room.member")).toBe(true);
    expect(
      (await syncOf(carol)).rooms?.join?.[room]?.timeline?.events.filter(({ sender }) => sender === bob.id),
    ).toHaveLength(1);
  });
});

test("/context has what stands around an event, with tokens that go on to both sides, and the state there", async () => {
  const room = await roomWith(8);
  const { chunk } = await messagesOf(alice, room, { dir: "f", limit: "100" });
  const middle = chunk.find(({ content }) => content["body"] === "4");
  const path = `/context/${encodeURIComponent(middle?.event_id ?? "")}?limit=4`;
  const { body } = await alice.inRoom(room, "GET", path);
  const of = (field: string) => textsOf(body[field] as never);
  expect([of("events_before"), of("events_after")]).toEqual([
    ["3", "2"],
    ["5", "6"],
  ]);
  const tokens = { start: body["start"] as string, end: body["end"] as string };
  expect(textsOf((await messagesOf(alice, room, { dir: "b", from: tokens.start })).chunk)).toEqual(["1"]);
  expect(textsOf((await messagesOf(alice, room, { dir: "f", from: tokens.end })).chunk)).toEqual(["7", "8"]);
  expect(body["state"]).toContainEqual(expect.objectContaining({ type: "m.room.create" }));
});

test("/timestamp_to_event finds the nearest event on the side asked for", async () => {
  const room = await alice.createRoom();
  home.clock.advance(1000);
  const before = home.clock.now();
  const event = await alice.say(room, "then");
  home.clock.advance(1000);
  const find = async (who: Person, ts: number, dir: string) =>
    who.call("GET", `/../v1/rooms/${encodeURIComponent(room)}/timestamp_to_event?ts=${ts}&dir=${dir}`);
  expect((await find(alice, before + 500, "b")).body).toMatchObject({ event_id: event, origin_server_ts: before });
  expect((await find(alice, before - 500, "f")).body["event_id"]).toBe(event);
  expect(await find(alice, before + 500, "f")).toMatchObject({ status: 404, body: { errcode: "M_NOT_FOUND" } });
  expect((await find(bob, before, "b")).status).toBe(403);
});
