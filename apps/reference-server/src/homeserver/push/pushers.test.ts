import { afterEach, beforeEach, expect, test } from "vitest";
import { startHomeserver } from "../fixtures/homeserver.ts";
import type { TestHomeserver } from "../fixtures/homeserver.ts";
import { person } from "../rooms/fixtures/person.ts";
import type { Person } from "../rooms/fixtures/person.ts";
import { addEmail, messagesTo } from "../threepids/fixtures/messages.ts";
import type { Home } from "../home.ts";
import { claimPushes } from "./deliver.ts";
import { pusherTo, startPushGateway } from "./fixtures/push-gateway.ts";
import type { PushGateway } from "./fixtures/push-gateway.ts";
import { createPushWorker } from "./push-worker.ts";

let home: TestHomeserver;
let gateway: PushGateway;
let alice: Person;
let bob: Person;

beforeEach(async () => {
  home = await startHomeserver({ outbound: { allowPrivateAddresses: true }, logLevel: "silent" });
  gateway = await startPushGateway();
  [alice, bob] = [await person(home, "alice"), await person(home, "bob")];
});

afterEach(async () => {
  await home[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
});

const set = (who: Person, more: object = {}) => who.call("POST", "/pushers/set", pusherTo(gateway.url, more));
const listed = async (who: Person) => (await who.call("GET", "/pushers")).body["pushers"] as unknown as object[];
const queued = () => home.db.selectFrom("hs_push_queue").selectAll().execute();
const roomOfBoth = async () => {
  const roomId = await alice.createRoom({ preset: "public_chat", name: "Garden", room_alias_name: "garden" });
  await bob.join(roomId);
  return roomId;
};
/** Until the server has done what follows the gateway's answer. */
const until = async (isDone: (queue: Awaited<ReturnType<typeof queued>>) => boolean) => {
  while (!isDone(await queued())) await new Promise((resolve) => setImmediate(resolve));
};
const untilEmpty = () => until((queue) => queue.length === 0);
const untilTried = (attempts: number) => until(([push]) => push?.attempts === attempts);

test("the gateway is told all there is to tell", async () => {
  await set(bob);
  const roomId = await roomOfBoth();
  await alice.call("PUT", `/profile/${alice.id}/displayname`, { displayname: "Alice" });
  const event_id = await alice.say(roomId, "hi");
  await gateway.arrived(1);
  expect(gateway.notified).toEqual([
    {
      event_id,
      room_id: roomId,
      type: "m.room.message",
      sender: alice.id,
      sender_display_name: "Alice",
      room_name: "Garden",
      room_alias: "#garden:localhost",
      prio: "high",
      content: { msgtype: "m.text", body: "hi" },
      counts: { unread: 1 },
      devices: [
        {
          app_id: "org.example.chat",
          pushkey: "key",
          pushkey_ts: home.clock.now() / 1000,
          data: { colour: "green" },
          tweaks: { sound: "default" },
        },
      ],
    },
  ]);
  await untilEmpty();
  await bob.say(roomId, "own words");
  expect(await queued()).toEqual([]);
});

test("or where to look only", async () => {
  await set(bob, { data: { url: gateway.url, format: "event_id_only" } });
  const roomId = await roomOfBoth();
  const event_id = await alice.say(roomId, "hi");
  await gateway.arrived(1);
  expect(gateway.notified).toEqual([
    {
      event_id,
      room_id: roomId,
      prio: "high",
      counts: { unread: 1 },
      devices: [
        {
          app_id: "org.example.chat",
          pushkey: "key",
          pushkey_ts: home.clock.now() / 1000,
          data: { format: "event_id_only" },
        },
      ],
    },
  ]);
});

test("an invitation says for whom it is", async () => {
  await set(bob);
  await alice.createRoom({ invite: [bob.id] });
  await gateway.arrived(1);
  expect(gateway.notified[0]).toMatchObject({ type: "m.room.member", user_is_target: true, counts: { unread: 1 } });
});

test("when something is read, the gateway is told of what is left, if that is not what it knows already", async () => {
  await set(bob, { data: { url: gateway.url, format: "event_id_only" } });
  const roomId = await roomOfBoth();
  const read = (eventId: string) =>
    bob.inRoom(roomId, "POST", `/receipt/m.read/${encodeURIComponent(eventId)}`, {}).then(untilEmpty);
  const sent: string[] = [];
  for (const text of ["one", "two", "three"]) {
    sent.push(await alice.say(roomId, text));
    await gateway.arrived(sent.length);
    await untilEmpty();
  }
  for (const eventId of sent) await read(eventId);
  await read(sent[2] ?? "");
  expect(gateway.notified.slice(3)).toEqual(
    [{ unread: 2 }, { unread: 1 }, {}].map((counts) => ({
      counts,
      devices: [
        {
          app_id: "org.example.chat",
          pushkey: "key",
          pushkey_ts: home.clock.now() / 1000,
          data: { format: "event_id_only" },
        },
      ],
      prio: "low",
    })),
  );
});

test("who has been told of nothing is not told that nothing is left, and a rejected key ends here, too", async () => {
  const roomId = await roomOfBoth();
  const first = await alice.say(roomId, "one");
  await set(bob);
  const read = (eventId: string) =>
    bob.inRoom(roomId, "POST", `/receipt/m.read/${encodeURIComponent(eventId)}`, {}).then(untilEmpty);
  await read(first);
  expect(gateway.notified).toEqual([]);
  const second = await alice.say(roomId, "two");
  await gateway.arrived(1);
  await untilEmpty();
  gateway.answer = { status: 200, body: { rejected: ["key"] } };
  await read(second);
  expect(gateway.notified).toHaveLength(2);
  expect(await listed(bob)).toEqual([]);
});

test("a gateway that fails is tried again, later and later", async () => {
  await set(bob);
  const roomId = await roomOfBoth();
  gateway.answer = { status: 502, body: {} };
  await alice.say(roomId, "hi");
  for (let attempt = 1; attempt <= 3; attempt++) {
    await gateway.arrived(attempt);
    await untilTried(attempt);
    const delay = 1000 * 2 ** (attempt - 1);
    expect((await queued())[0]?.next_attempt_at).toBe(home.clock.now() + delay);
    home.clock.advance(delay);
  }
  gateway.answer = { status: 200, body: {} };
  await gateway.arrived(4);
  await untilEmpty();
  expect(await listed(bob)).toHaveLength(1);
});

test("a gateway that fails for a day is given up", async () => {
  await set(bob);
  const roomId = await roomOfBoth();
  gateway.answer = { status: 502, body: {} };
  await alice.say(roomId, "hi");
  await gateway.arrived(1);
  await untilTried(1);
  home.clock.advance(24 * 60 * 60_000);
  await untilEmpty();
  expect(gateway.notified).toHaveLength(2);
});

test("a pushkey that the gateway rejects is told no more", async () => {
  await set(bob);
  const roomId = await roomOfBoth();
  gateway.answer = { status: 200, body: { rejected: ["another"] } };
  await alice.say(roomId, "one");
  await gateway.arrived(1);
  await untilEmpty();
  expect(await listed(bob)).toHaveLength(1);
  gateway.answer = { status: 200, body: { rejected: ["key"] } };
  await alice.say(roomId, "two");
  await gateway.arrived(2);
  await untilEmpty();
  expect(await listed(bob)).toEqual([]);
  await alice.say(roomId, "three");
  expect(await queued()).toEqual([]);
});

test("mails tell of what stays unread, once, and only to an address of the account", async () => {
  const address = "bob@example.org";
  const email = { kind: "email", app_id: "m.email", pushkey: address, data: {} };
  await addEmail(home, bob.session.access_token, "bob", address);
  expect((await set(bob, email)).status).toBe(200);
  const roomId = await roomOfBoth();
  const mails = async () => (await messagesTo(home, address)).filter(({ subject }) => subject.includes("unread"));
  for (const text of ["one", "two"]) await alice.say(roomId, text);
  expect(await queued()).toHaveLength(1);
  home.clock.advance(10 * 60_000);
  await untilEmpty();
  expect(await mails()).toMatchObject([{ subject: "You have 2 unread notifications on localhost" }]);
  await alice.say(roomId, "three");
  await bob.say(roomId, "I have read it all");
  home.clock.advance(10 * 60_000);
  await untilEmpty();
  expect(await mails()).toHaveLength(1);
  await alice.say(roomId, "four");
  await bob.call("POST", "/account/3pid/delete", { medium: "email", address });
  home.clock.advance(10 * 60_000);
  await untilEmpty();
  expect([await mails(), await listed(bob)]).toMatchObject([{ length: 1 }, []]);
});

test("a push is claimed by one process only", async () => {
  gateway.answer = { status: 502, body: {} };
  await set(bob);
  const roomId = await roomOfBoth();
  await alice.say(roomId, "hi");
  await gateway.arrived(1);
  await untilTried(1);
  // Both look at a moment at which the server itself finds nothing due.
  const later = { now: () => home.clock.now() + 5000 };
  const claims = await Promise.all([1, 2, 3].map(() => claimPushes({ db: home.db, clock: later }, 10)));
  expect(claims.map((claimed) => claimed.length).toSorted()).toEqual([0, 0, 1]);
});

test("fifty messages are fifty pushes, however many processes send them", async () => {
  const another = createPushWorker({ ...home, fetch, log: { warn: () => {} } } as unknown as Home); // what it needs
  const signal = AbortSignal.timeout(60_000);
  await set(bob);
  const roomId = await roomOfBoth();
  const sent = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const eventId = await alice.say(roomId, `${index}`);
      await another.deliverDue(signal);
      return eventId;
    }),
  );
  await gateway.arrived(50);
  await another.settled();
  await untilEmpty();
  expect(gateway.notified.map((one) => one.event_id).toSorted()).toEqual(sent.toSorted());
});
