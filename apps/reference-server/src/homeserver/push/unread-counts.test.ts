import { afterAll, expect, test } from "vitest";
import { startHomeserver } from "../fixtures/homeserver.ts";
import { findEvent } from "../rooms/event.ts";
import { person } from "../rooms/fixtures/person.ts";
import type { Person } from "../rooms/fixtures/person.ts";
import { clearNotifications } from "./read-positions.ts";
import { unreadCounts, unreadTotal } from "./unread-counts.ts";

const home = await startHomeserver();
const [alice, bob, carol] = [await person(home, "alice"), await person(home, "bob"), await person(home, "carol")];

afterAll(() => home[Symbol.asyncDispose]());

let transactions = 0;

const roomOfAll = async (creator = alice, others = [bob, carol]) => {
  const roomId = await creator.createRoom({ preset: "public_chat" });
  for (const other of others) await other.join(roomId);
  return roomId;
};
const unreadOf = async (who: Person, roomId: string) => (await unreadCounts(home.db, who.id, [roomId])).get(roomId);
const countsOf = async (who: Person, roomId: string) => {
  const all = (await unreadOf(who, roomId))?.all;
  return [all?.notification_count, all?.highlight_count];
};
const send = async (who: Person, roomId: string, content: object, type = "m.room.message") =>
  (await who.inRoom(roomId, "PUT", `/send/${type}/count${++transactions}`, content)).body["event_id"] as string;
const message = (more: object = {}) => ({ msgtype: "m.text", body: "hi", ...more });
const mention = (...users: Person[]) => message({ "m.mentions": { user_ids: users.map(({ id }) => id) } });
const inThread = (root: string, more: object = {}) =>
  message({ "m.relates_to": { rel_type: "m.thread", event_id: root }, ...more });
const readUpTo = async (who: Person, eventId: string, threadId?: string) => {
  const event = await findEvent(home.db, eventId);
  if (event === undefined) throw new Error("no such event");
  await clearNotifications(home.db, who.id, event.roomId, { upTo: event.depth, threadId });
};

test("messages count for all but who has sent them, from their joining on", async () => {
  const roomId = await alice.createRoom({ preset: "public_chat" });
  await alice.say(roomId, "before");
  await bob.join(roomId);
  expect(await countsOf(bob, roomId)).toEqual([0, 0]);
  await alice.say(roomId, "one");
  await alice.say(roomId, "two");
  expect(await countsOf(bob, roomId)).toEqual([2, 0]);
  expect(await countsOf(alice, roomId)).toEqual([0, 0]);
  expect(await countsOf(carol, roomId)).toEqual([0, 0]);
});

test("a mention highlights for who is mentioned, and notifies the others as always", async () => {
  const roomId = await roomOfAll();
  await send(alice, roomId, mention(bob, alice));
  expect(await countsOf(bob, roomId)).toEqual([1, 1]);
  expect(await countsOf(carol, roomId)).toEqual([1, 0]);
  expect(await countsOf(alice, roomId)).toEqual([0, 0]);
});

test("all are mentioned by who has the power", async () => {
  const roomId = await roomOfAll();
  const all = message({ "m.mentions": { room: true } });
  await send(bob, roomId, all);
  expect(await countsOf(carol, roomId)).toEqual([1, 0]);
  await send(alice, roomId, all);
  expect(await countsOf(carol, roomId)).toEqual([2, 1]);
});

test("notices, reactions, edits and state do not count", async () => {
  const roomId = await roomOfAll();
  const root = await send(alice, roomId, { msgtype: "m.notice", body: "x" });
  await send(alice, roomId, { "m.relates_to": { rel_type: "m.annotation", event_id: root, key: "x" } }, "m.reaction");
  await send(
    alice,
    roomId,
    message({ "m.new_content": message(), "m.relates_to": { rel_type: "m.replace", event_id: root } }),
  );
  await alice.setState(roomId, "m.room.topic", { topic: "x" });
  expect(await countsOf(bob, roomId)).toEqual([0, 0]);
});

test("own rules decide for who has them alone", async () => {
  const roomId = await roomOfAll();
  await bob.call("PUT", `/pushrules/global/room/${encodeURIComponent(roomId)}`, { actions: [] });
  await carol.call("PUT", "/pushrules/global/content/cake", {
    pattern: "cake",
    actions: ["notify", { set_tweak: "highlight" }],
  });
  await alice.say(roomId, "there is cake");
  expect(await countsOf(bob, roomId)).toEqual([0, 0]);
  expect(await countsOf(carol, roomId)).toEqual([1, 1]);
  await bob.call("DELETE", `/pushrules/global/room/${encodeURIComponent(roomId)}`);
  await alice.say(roomId, "and tea");
  expect(await countsOf(bob, roomId)).toEqual([1, 0]);
  expect(await countsOf(carol, roomId)).toEqual([2, 1]);
  await carol.call("DELETE", "/pushrules/global/content/cake");
});

test("the name in the room is looked for where a rule asks for it", async () => {
  const roomId = await roomOfAll();
  await carol.setState(roomId, "m.room.member", { membership: "join", displayname: "Caz" }, carol.id);
  await carol.call("PUT", "/pushrules/global/override/name", {
    conditions: [{ kind: "contains_display_name" }],
    actions: ["notify", { set_tweak: "highlight" }],
  });
  await alice.say(roomId, "hello carol");
  await alice.say(roomId, "hello caz");
  expect(await countsOf(carol, roomId)).toEqual([2, 1]);
  await carol.call("DELETE", "/pushrules/global/override/name");
});

test("a read room counts anew, and reading never goes back", async () => {
  const roomId = await roomOfAll();
  const [one, two] = [await alice.say(roomId, "one"), await send(alice, roomId, mention(bob))];
  await readUpTo(bob, one);
  expect(await countsOf(bob, roomId)).toEqual([1, 1]);
  await readUpTo(bob, two);
  expect(await countsOf(bob, roomId)).toEqual([0, 0]);
  await readUpTo(bob, one);
  expect(await countsOf(bob, roomId)).toEqual([0, 0]);
  await alice.say(roomId, "three");
  expect(await countsOf(bob, roomId)).toEqual([1, 0]);
  expect(await countsOf(carol, roomId)).toEqual([3, 0]);
});

test("threads count by themselves, with what relates to what is in them", async () => {
  const roomId = await roomOfAll();
  const root = await alice.say(roomId, "root");
  const reply = await send(alice, roomId, inThread(root));
  await send(alice, roomId, inThread(root, mention(bob)));
  await send(alice, roomId, message({ "m.relates_to": { rel_type: "org.example.quote", event_id: reply } }));
  expect(await unreadOf(bob, roomId)).toEqual({
    all: { notification_count: 4, highlight_count: 1 },
    main: { notification_count: 1, highlight_count: 0 },
    threads: new Map([[root, { notification_count: 3, highlight_count: 1 }]]),
  });
  await readUpTo(bob, reply, root);
  expect((await unreadOf(bob, roomId))?.threads.get(root)?.notification_count).toBe(2);
  await readUpTo(bob, await alice.say(roomId, "main"), "main");
  expect((await unreadOf(bob, roomId))?.main.notification_count).toBe(0);
  expect((await unreadOf(bob, roomId))?.threads.size).toBe(1);
  await readUpTo(bob, await alice.say(roomId, "last"));
  expect(await countsOf(bob, roomId)).toEqual([0, 0]);
});

test("threads read one by one are a room that is read", async () => {
  const roomId = await roomOfAll();
  const root = await alice.say(roomId, "root");
  const reply = await send(alice, roomId, inThread(root));
  const last = await alice.say(roomId, "last");
  const readDepth = async () => {
    const rows = home.db.selectFrom("hs_notified_members").select("read_depth");
    const row = await rows.where("user_id", "=", bob.id).where("room_id", "=", roomId).executeTakeFirst();
    return row?.read_depth;
  };
  await readUpTo(bob, last, "main");
  expect(await readDepth()).toBe(((await findEvent(home.db, reply))?.depth ?? 0) - 1);
  expect(await countsOf(bob, roomId)).toEqual([1, 0]);
  await readUpTo(bob, last, root);
  expect(await readDepth()).toBe((await findEvent(home.db, last))?.depth);
  expect(await countsOf(bob, roomId)).toEqual([0, 0]);
});

test("who sends something has read its thread", async () => {
  const roomId = await roomOfAll();
  const root = await alice.say(roomId, "root");
  await send(alice, roomId, inThread(root));
  await bob.say(roomId, "answer");
  expect(await unreadOf(bob, roomId)).toMatchObject({
    main: { notification_count: 0 },
    threads: new Map([[root, { notification_count: 1, highlight_count: 0 }]]),
  });
  await send(bob, roomId, inThread(root));
  expect(await countsOf(bob, roomId)).toEqual([0, 0]);
});

test("a new display name is no reading", async () => {
  const roomId = await roomOfAll();
  await alice.say(roomId, "hi");
  await bob.call("PUT", `/profile/${bob.id}/displayname`, { displayname: "Bobby" });
  expect(await countsOf(bob, roomId)).toEqual([1, 0]);
});

test("ignored users do not count, not even by a mention", async () => {
  const roomId = await roomOfAll();
  await bob.call("PUT", `/user/${bob.id}/account_data/m.ignored_user_list`, { ignored_users: { [carol.id]: {} } });
  await send(carol, roomId, mention(bob));
  await alice.say(roomId, "hi");
  expect(await countsOf(bob, roomId)).toEqual([1, 0]);
  await bob.call("PUT", `/user/${bob.id}/account_data/m.ignored_user_list`, { ignored_users: {} });
});

test("invitations count for the badge until they are answered; a room that was left counts no more", async () => {
  const dave = await person(home, "dave");
  const [first, second] = [await alice.createRoom(), await alice.createRoom()];
  for (const roomId of [first, second]) await alice.invite(roomId, dave);
  expect(await unreadTotal(home.db, dave.id)).toBe(2);
  await dave.join(first);
  expect(await unreadTotal(home.db, dave.id)).toBe(1);
  await dave.inRoom(second, "POST", "/leave", {});
  expect(await unreadTotal(home.db, dave.id)).toBe(0);
  await send(alice, first, mention(dave));
  expect(await unreadTotal(home.db, dave.id)).toBe(1);
  await dave.inRoom(first, "POST", "/leave", {});
  await alice.say(first, "gone");
  expect(await unreadTotal(home.db, dave.id)).toBe(0);
});
