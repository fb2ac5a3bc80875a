import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { callsTo } from "../fixtures/call.ts";
import type { Answer, Call } from "../fixtures/call.ts";
import { startServerProcess } from "./fixtures/server-process.ts";
import { seededRandom } from "./sync/fixtures/seeded-random.ts";

// MATRIX_CRASH_ROUNDS=100 for more of them.
const rounds = Number(process.env["MATRIX_CRASH_ROUNDS"] ?? 5);
const writers = 8;
const random = seededRandom(Number(process.env["MATRIX_CRASH_SEED"] ?? 1));

test(
  "however often a server is killed in the middle of writes, what it has answered is there, and once",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "crashed-homeserver-"));
    try {
      await killAgainAndAgain(join(folder, "server.db"));
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  60_000 + rounds * 10_000,
);

async function killAgainAndAgain(database: string): Promise<void> {
  let server = await startProcess(database);
  const clients = await Promise.all(
    Array.from({ length: writers }, (_, index) => register(server.call, `writer${index}`)),
  );
  const reader = await register(server.call, "reader");
  const [first] = clients;
  const created = await server.call("POST", "/createRoom", { token: first?.token, body: { preset: "public_chat" } });
  const roomId = String(created.body["room_id"]);
  for (const { token } of [...clients.slice(1), reader]) {
    expect((await server.call("POST", `/join/${encodeURIComponent(roomId)}`, { token, body: {} })).status).toBe(200);
  }
  const told: string[] = [];
  let since = await follow(server.call, reader.token, roomId, undefined, told);

  for (let round = 0; round < rounds; round += 1) {
    const waiting = clients.map((client) => sendUntilKilled(server.call, client, roomId));
    const following = followUntilKilled(server.call, reader.token, roomId, since, told);
    // As often just before a commit as at any moment.
    if (round % 2 === 0) await server.dieAt(1 + random.below(40));
    else await setTimeout(20 + random.below(200));
    if (round % 2 === 1) server.kill();
    await server.exited;
    await Promise.all(waiting);
    since = await following;

    server = await startProcess(database);
    for (const client of clients) {
      const last = client.sent.at(-1);
      for (const name of [client.unanswered, last]) {
        if (name === undefined) continue;
        const answer = await send(server.call, client, roomId, name);
        expect(answer.status, answer.text).toBe(200);
        const eventId = String(answer.body["event_id"]);
        if (client.answered.has(name)) expect(eventId).toBe(client.answered.get(name));
        client.answered.set(name, eventId);
      }
      if (client.unanswered !== undefined) client.sent.push(client.unanswered);
      client.unanswered = undefined;
    }
    since = await follow(server.call, reader.token, roomId, since, told);
  }

  const history = await wholeHistory(server.call, reader.token, roomId);
  const expected = clients.flatMap(({ answered }) => [...answered.values()]);
  expect(history.map(({ event_id: eventId }) => eventId).toSorted()).toEqual(expected.toSorted());
  expect(new Set(history.map(({ content }) => content.body)).size).toBe(expected.length);
  expect(told).toEqual(history.map(({ event_id: eventId }) => eventId));
  expect(expected.length).toBeGreaterThan(rounds * writers);
  server.kill();
  await server.exited;
}

interface Writer {
  readonly name: string;
  readonly token: string;
  /** The names of messages by the order in which they were answered. */
  readonly sent: string[];
  readonly answered: Map<string, string>;
  /** What was under way when the server was killed. */
  unanswered: string | undefined;
}

async function register(call: Call, name: string): Promise<Writer> {
  const auth = { type: "m.login.dummy" };
  const body = { username: name, password: "correct horse battery staple", auth };
  const { access_token: token } = (await call("POST", "/register", { body })).body;
  return { name, token, sent: [], answered: new Map(), unanswered: undefined };
}

async function sendUntilKilled(call: Call, client: Writer, roomId: string): Promise<void> {
  for (;;) {
    const name = `${client.name}-${client.answered.size}`;
    client.unanswered = name;
    const answer = await send(call, client, roomId, name).catch(() => undefined); // the process is gone
    if (answer === undefined) return;
    expect(answer.status, answer.text).toBe(200);
    client.answered.set(name, String(answer.body["event_id"]));
    client.sent.push(name);
    client.unanswered = undefined;
  }
}

function send(call: Call, { token }: Writer, roomId: string, name: string): Promise<Answer> {
  const path = `/rooms/${encodeURIComponent(roomId)}/send/m.room.message/${name}`;
  return call("PUT", path, { token, body: { msgtype: "m.text", body: name } });
}

interface Message {
  readonly event_id: string;
  readonly type: string;
  readonly content: { readonly body: string };
}

/** One sync, whose messages are added to what was told; where there were more, the gap is filled. The new token. */
async function follow(
  call: Call,
  token: string,
  roomId: string,
  since: string | undefined,
  told: string[],
  timeout = "0",
): Promise<string> {
  const query = { timeout, ...(since !== undefined && { since }) };
  const { status, body, text } = await call("GET", "/sync", { token, query });
  expect(status, text).toBe(200);
  const { join: joined = {} } = (body["rooms"] ?? {}) as { join?: Record<string, { timeline: Timeline }> }; // as described
  const timeline = joined[roomId]?.timeline;
  if (timeline !== undefined) {
    const gap =
      timeline.limited === true && since !== undefined ? await between(call, token, roomId, timeline, since) : [];
    told.push(...[...gap, ...timeline.events].filter(isMessage).map(({ event_id: eventId }) => eventId));
  }
  return String(body["next_batch"]);
}

interface Timeline {
  readonly limited?: boolean;
  readonly prev_batch?: string;
  readonly events: readonly Message[];
}

async function followUntilKilled(
  call: Call,
  token: string,
  roomId: string,
  since: string,
  told: string[],
): Promise<string> {
  for (let position = since; ;) {
    const heard: string[] = [];
    const next = await follow(call, token, roomId, position, heard, "5000").catch((error: unknown) => {
      if (error instanceof TypeError) return undefined; // the process is gone, and with it what was half heard
      throw error;
    });
    if (next === undefined) return position;
    told.push(...heard);
    position = next;
  }
}

async function between(
  call: Call,
  token: string,
  roomId: string,
  timeline: Timeline,
  since: string,
): Promise<Message[]> {
  return pages(call, token, roomId, { from: timeline.prev_batch ?? "", to: since });
}

async function wholeHistory(call: Call, token: string, roomId: string): Promise<Message[]> {
  return (await pages(call, token, roomId, {})).filter(isMessage);
}

/** Oldest first. */
async function pages(call: Call, token: string, roomId: string, limits: Record<string, string>): Promise<Message[]> {
  const found: Message[] = [];
  for (let query = limits; ;) {
    const path = `/rooms/${encodeURIComponent(roomId)}/messages`;
    const { status, body, text } = await call("GET", path, { token, query: { dir: "b", limit: "100", ...query } });
    expect(status, text).toBe(200);
    found.push(...(body["chunk"] as unknown as Message[])); // as described
    if (typeof body["end"] !== "string") return found.toReversed();
    query = { ...limits, from: body["end"] };
  }
}

function isMessage({ type }: Message): boolean {
  return type === "m.room.message";
}

async function startProcess(database: string) {
  const rateLimits = { login: false, registration: false, userInteractiveAuth: false } as const;
  const server = await startServerProcess({ database, rateLimits });
  return { ...server, call: callsTo(`${server.url}/_matrix/client/v3`) };
}
