import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callsTo } from "../fixtures/call.ts";
import type { Call } from "../fixtures/call.ts";
import { createSharedDatabase } from "../storage/fixtures/databases.ts";
import { createDevice } from "./encryption/fixtures/keys.ts";
import { password, passwordOf } from "./fixtures/homeserver.ts";
import type { Session } from "./fixtures/homeserver.ts";
import { startServerProcess } from "./fixtures/server-process.ts";
import { startPushGateway } from "./push/fixtures/push-gateway.ts";
import { bodiesOf } from "./sync/fixtures/sync.ts";
import type { SyncResponse } from "./sync/fixtures/sync.ts";

/** Two processes on one database are one homeserver: what either is told, both know. */

const closing = new AsyncDisposableStack();
let here: Call;
let there: Call;
let alice: Session;
let bob: Session;

/** No test sees the end of a window. */
const onceForAll = { requests: 5, perMs: 1e12 };

beforeAll(async () => {
  const { location: database } = closing.use(await createSharedDatabase());
  const start = async (): Promise<Call> => {
    const server = await startServerProcess({
      database,
      rateLimits: { login: onceForAll, registration: false, userInteractiveAuth: false },
      outbound: { allowPrivateAddresses: true },
    });
    closing.defer(async () => {
      server.kill();
      await server.exited;
    });
    return callsTo(`${server.url}/_matrix/client/v3`);
  };
  [here, there] = await Promise.all([start(), start()]);
  [alice, bob] = [await register("alice"), await register("bob")];
}, 60_000);

afterAll(() => closing.disposeAsync());

async function register(username: string): Promise<Session> {
  const body = { username, password, auth: { type: "m.login.dummy" } };
  return (await here("POST", "/register", { body })).body;
}

/** A room of both. */
async function createRoom(): Promise<string> {
  const token = alice.access_token;
  const { room_id: roomId } = (await here("POST", "/createRoom", { token, body: { preset: "public_chat" } })).body;
  const room = encodeURIComponent(String(roomId));
  expect((await there("POST", `/join/${room}`, { token: bob.access_token, body: {} })).status).toBe(200);
  return room;
}

const say = (call: Call, room: string, transaction: string, { access_token: token } = alice) =>
  call("PUT", `/rooms/${room}/send/m.room.message/${transaction}`, { token, body: { body: transaction } });

async function sync(call: Call, { access_token: token }: Session, query: Record<string, string> = {}) {
  const { status, body, text } = await call("GET", "/sync", { token, query });
  expect(status, text).toBe(200);
  return body as unknown as SyncResponse; // as described
}

const joined = (response: SyncResponse, room: string) => response.rooms?.join?.[decodeURIComponent(room)];

/** As many times, half of them at each process, all at once. */
const spread = <T>(times: number, ask: (call: Call, index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: times }, (_, index) => ask(index % 2 === 0 ? here : there, index)));

describe("sync", () => {
  test("what is sent at one process wakes those who wait at the other", async () => {
    const room = await createRoom();
    const { next_batch: since } = await sync(there, bob);
    const waiting = sync(there, bob, { since, timeout: "60000" });
    await say(here, room, "awake");
    expect(bodiesOf(joined(await waiting, room))).toEqual(["awake"]);
  });

  test("so does who begins to type there, and who stops", async () => {
    const room = await createRoom();
    let { next_batch: since } = await sync(there, bob);
    for (const typing of [true, false]) {
      const waiting = sync(there, bob, { since, timeout: "60000" });
      const body = { typing, timeout: 60_000 };
      await here("PUT", `/rooms/${room}/typing/${alice.user_id}`, { token: alice.access_token, body });
      const response = await waiting;
      const [event] = joined(response, room)?.ephemeral?.events ?? [];
      expect(event?.content).toEqual({ user_ids: typing ? [alice.user_id] : [] });
      since = response.next_batch;
    }
  });

  test("while both are written to, tokens of either are good at either: nothing is lost, nothing comes twice", async () => {
    const room = await createRoom();
    const filter = JSON.stringify({ room: { timeline: { limit: 100 } } });
    const start = await sync(here, bob, { filter });
    let isOver = false;
    const follow = async (first: Call, second: Call): Promise<unknown[]> => {
      const heard: unknown[] = [];
      let since = start.next_batch;
      for (let [call, next] = [first, second], isLast = false; !isLast; [call, next] = [next, call]) {
        isLast = isOver;
        const response = await sync(call, bob, { since, filter, timeout: isLast ? "0" : "100" });
        const found = joined(response, room);
        expect(found?.timeline?.limited ?? false).toBe(false);
        heard.push(...bodiesOf(found));
        since = response.next_batch;
      }
      return heard;
    };
    const following = Promise.all([follow(here, there), follow(there, here), follow(there, there)]);
    await spread(20, async (call, writer) => {
      for (let number = 0; number < 10; number += 1) {
        expect((await say(call, room, `${writer}-${number}`)).status).toBe(200);
      }
    });
    isOver = true;
    const { chunk } = (
      await there("GET", `/rooms/${room}/messages`, { token: bob.access_token, query: { dir: "b", limit: "200" } })
    ).body as unknown as { chunk: { content: { body: string } }[] }; // as described
    const log = chunk.map(({ content }) => content.body).toReversed();
    expect(new Set(log).size).toBe(200);
    for (const heard of await following) expect(heard).toEqual(log);
  });
});

describe("once", () => {
  test("a transaction ID stands for one event, however often and wherever it is sent", async () => {
    const room = await createRoom();
    const answers = await spread(50, (call) => say(call, room, "once"));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(bodiesOf(joined(await sync(there, bob), room))).toEqual(["once"]);
  });

  test("a one-time key has one owner", async () => {
    const device = createDevice(bob);
    const ids = Array.from({ length: 40 }, (_, index) => `K${index}`);
    const body = { device_keys: device.deviceKeys, one_time_keys: device.oneTimeKeys(ids) };
    expect((await here("POST", "/keys/upload", { token: bob.access_token, body })).status).toBe(200);
    const wanted = { one_time_keys: { [bob.user_id]: { [bob.device_id]: "signed_curve25519" } } };
    const answers = await spread(50, (call) =>
      call("POST", "/keys/claim", { token: alice.access_token, body: wanted }),
    );
    const claimed = answers.flatMap(({ text }) =>
      [...text.matchAll(/"signed_curve25519:(K\d+)"/g)].map(([, id]) => id),
    );
    expect(claimed.toSorted()).toEqual(ids.toSorted());
  });

  test("a message to a device is kept once, and is gone everywhere when its device has acknowledged it", async () => {
    const { next_batch: since } = await sync(here, bob);
    const body = { messages: { [bob.user_id]: { [bob.device_id]: { n: 1 } } } };
    const path = "/sendToDevice/org.example.test/once";
    const answers = await spread(50, (call) => call("PUT", path, { token: alice.access_token, body }));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const delivered = await sync(there, bob, { since });
    expect(delivered.to_device?.events).toHaveLength(1);
    await sync(here, bob, { since: delivered.next_batch });
    expect((await sync(there, bob, { since })).to_device?.events ?? []).toEqual([]);
  });

  test("a push is sent by one of them", async () => {
    await using gateway = await startPushGateway();
    const pusher = {
      app_id: "org.example",
      pushkey: "key",
      app_display_name: "A",
      device_display_name: "D",
      lang: "en",
    };
    const body = { ...pusher, kind: "http", data: { url: gateway.url } };
    expect((await here("POST", "/pushers/set", { token: bob.access_token, body })).status).toBe(200);
    const room = await createRoom();
    const sent = await spread(20, (call, index) => say(call, room, `push${index}`));
    await gateway.arrived(20);
    await there("POST", "/pushers/set", { token: bob.access_token, body: { ...body, kind: null } });
    const notified = gateway.notified.map(({ event_id: eventId }) => eventId);
    expect(notified.toSorted()).toEqual(sent.map(({ body: { event_id: eventId } }) => eventId).toSorted());
  });
});

describe("sessions", () => {
  test("authentication that is begun at one process goes on at the other", async () => {
    const body = { username: "carol", password };
    const { session } = (await here("POST", "/register", { body })).body;
    const final = { ...body, auth: { type: "m.login.dummy", session } };
    const answers = await spread(20, (call) => call("POST", "/register", { body: final }));
    expect(answers[0]).toMatchObject({ status: 200, body: { user_id: "@carol:localhost" } });
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  test("a token is good at both, and after a logout at neither", async () => {
    const { access_token: token } = (await here("POST", "/login", { body: passwordOf("bob") })).body;
    expect((await there("GET", "/account/whoami", { token })).status).toBe(200);
    await there("POST", "/logout", { token });
    expect((await here("GET", "/account/whoami", { token })).body.errcode).toBe("M_UNKNOWN_TOKEN");
  });

  test("failed logins are counted together", async () => {
    const statuses: number[] = [];
    for (const call of [here, there, here, there, here, there, here]) {
      statuses.push((await call("POST", "/login", { body: passwordOf("alice", "wrong") })).status);
    }
    expect(statuses).toEqual([403, 403, 403, 403, 403, 429, 429]);
  });
});
