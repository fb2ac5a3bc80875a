import { afterAll, expect, test } from "vitest";
import { streamPosition, waitForStream } from "../../storage/stream.ts";
import { startHomeserver } from "../fixtures/homeserver.ts";
import type { Home } from "../home.ts";
import { person } from "../rooms/fixtures/person.ts";
import type { Person } from "../rooms/fixtures/person.ts";
import { touchPresence } from "./presence.ts";
import { allPresence, presenceSince } from "./presence-events.ts";

const minute = 60_000;

const home = await startHomeserver();
const [alice, bob, stranger] = [await person(home, "alice"), await person(home, "bob"), await person(home, "stranger")];
const roomId = await alice.createRoom({ preset: "public_chat" });
await bob.join(roomId);

afterAll(() => home[Symbol.asyncDispose]());

/** The parts of it that presence needs. */
const asHome = () => ({ db: home.db, clock: home.clock }) as unknown as Home;
const set = (who: Person, presence: string, more: object = {}, of = who) =>
  who.call("PUT", `/presence/${of.id}/status`, { presence, ...more });
const seenBy = async (viewer: Person, of: Person) => (await viewer.call("GET", `/presence/${of.id}/status`)).body;
const sync = (who: Person, setPresence?: "online" | "unavailable" | "offline") =>
  touchPresence(asHome(), who.id, { setPresence, timeoutMs: minute });
/** What a viewer is told because of what happens meanwhile. */
const toldTo = async (viewer: Person, happening: () => Promise<unknown>) => {
  const after = await streamPosition(home.db);
  await happening();
  return presenceSince(asHome(), viewer.id, { after, upTo: await streamPosition(home.db) });
};
/** Time passes, and the server takes note of it. */
const pass = async (milliseconds: number) => {
  const before = await streamPosition(home.db);
  home.clock.advance(milliseconds);
  await waitForStream(home.db, before, { timeoutMs: 4000 });
};

test("it is set and seen by those who share a room, and by nobody else", async () => {
  expect(await alice.call("GET", `/presence/${alice.id}/status`)).toMatchObject({ status: 404 });
  expect((await set(alice, "online", { status_msg: "here" })).body).toEqual({});
  const expected = { presence: "online", currently_active: true, status_msg: "here" };
  expect(await seenBy(alice, alice)).toEqual(expected);
  expect(await seenBy(bob, alice)).toEqual(expected);
  const forbidden = { status: 403, body: { errcode: "M_FORBIDDEN" } };
  for (const id of [alice.id, "@nobody:localhost"]) {
    expect(await stranger.call("GET", `/presence/${id}/status`)).toMatchObject(forbidden);
  }
  expect(await set(bob, "offline", {}, alice)).toMatchObject(forbidden);
  await set(alice, "unavailable");
  expect(await seenBy(bob, alice)).toEqual({ presence: "unavailable", currently_active: false, last_active_ago: 0 });
});

test("who is not heard of any more is gone", async () => {
  await set(alice, "online");
  await pass(minute);
  expect(await seenBy(bob, alice)).toEqual({ presence: "offline", currently_active: false, last_active_ago: minute });
});

test("nobody is there for ever because they would wait for ever", async () => {
  const carol = await person(home, "carol");
  await carol.join(roomId);
  expect((await carol.call("GET", `/sync?timeout=${Number.MAX_SAFE_INTEGER}`)).status).toBe(200);
  home.clock.advance(15 * minute);
  expect(await seenBy(alice, carol)).toMatchObject({ presence: "offline" });
  await carol.call("POST", `/rooms/${encodeURIComponent(roomId)}/leave`, {});
});

test("who only syncs is there, but becomes idle, until they do something", async () => {
  await sync(bob);
  expect(await seenBy(alice, bob)).toMatchObject({ presence: "online", currently_active: true });
  for (let passed = 0; passed < 5 * minute; passed += minute) {
    home.clock.advance(minute);
    await sync(bob);
  }
  expect(await seenBy(alice, bob)).toMatchObject({ presence: "unavailable", last_active_ago: 5 * minute });
  await bob.say(roomId, "hi");
  expect(await seenBy(alice, bob)).toMatchObject({ presence: "online", currently_active: true });
});

test("a sync says no more of it than it is asked to", async () => {
  await set(bob, "unavailable", { status_msg: "away" });
  await sync(bob, "offline");
  expect(await seenBy(alice, bob)).toMatchObject({ presence: "unavailable", status_msg: "away" });
  await sync(bob, "unavailable");
  expect(await seenBy(alice, bob)).toMatchObject({ presence: "unavailable" });
  await sync(bob);
  expect(await seenBy(alice, bob)).toMatchObject({ presence: "online", status_msg: "away" });
});

test("who hides stays hidden when they send something", async () => {
  await set(bob, "offline");
  home.clock.advance(minute);
  await bob.say(roomId, "psst");
  expect(await seenBy(alice, bob)).toMatchObject({ presence: "offline" });
});

test("others are told of changes, and not of every sign of life", async () => {
  await set(bob, "online");
  expect(await toldTo(alice, () => set(bob, "online", { status_msg: "new" }))).toEqual([
    { type: "m.presence", sender: bob.id, content: { presence: "online", currently_active: true, status_msg: "new" } },
  ]);
  expect(await toldTo(alice, () => sync(bob))).toEqual([]);
  expect(await toldTo(stranger, () => set(bob, "unavailable"))).toEqual([]);
  const named = () => bob.call("PUT", `/profile/${bob.id}/displayname`, { displayname: "Bob" });
  expect(await toldTo(alice, named)).toMatchObject([{ sender: bob.id, content: { displayname: "Bob" } }]);
});

test("others are told when time alone has changed it", async () => {
  await set(bob, "online");
  await sync(bob); // for a minute, and one more to come back
  expect(await toldTo(alice, () => pass(minute))).toMatchObject([
    { sender: bob.id, content: { presence: "online", currently_active: false, last_active_ago: minute } },
  ]);
  expect(await toldTo(alice, () => pass(minute))).toMatchObject([
    { sender: bob.id, content: { presence: "offline", last_active_ago: 2 * minute } },
  ]);
});

test("a first sync tells of who is there", async () => {
  await set(alice, "offline");
  await set(bob, "online");
  expect((await allPresence(asHome(), alice.id)).map(({ sender }) => sender)).toEqual([bob.id]);
  expect(await allPresence(asHome(), stranger.id)).toEqual([]);
});
