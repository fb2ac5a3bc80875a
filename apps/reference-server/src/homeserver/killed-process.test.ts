import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readAnswer } from "../fixtures/call.ts";
import type { Answer } from "../fixtures/call.ts";
import { systemClock } from "../process/clock.ts";
import { openDatabase } from "../storage/database.ts";
import { startServerProcess } from "./fixtures/server-process.ts";

let database: string;

beforeEach(() => {
  database = join(mkdtempSync(join(tmpdir(), "killed-homeserver-")), "server.db");
});

afterEach(() => rmSync(join(database, ".."), { recursive: true }));

test("killed before any of its writes, a registration leaves a whole account or none", async () => {
  const outcomes: string[] = [];
  for (let write = 1; outcomes.at(-1) !== "answered"; write++) {
    const server = await startProcess();
    const name = `user${write}`;
    const final = await readyToRegister(server.url, name);
    await server.dieAt(write);
    const answer = await post(server.url, final).catch(() => undefined); // the process is gone
    server.kill();
    await server.exited;
    const exists = (await wholeAccounts()).includes(name);
    if (answer !== undefined) expect(answer.body.user_id).toBe(`@${name}:localhost`);
    outcomes.push(answer !== undefined ? "answered" : exists ? "whole" : "none");
  }
  expect(outcomes.length).toBeGreaterThan(8);
  expect(outcomes).toEqual(outcomes.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)));
  expect(outcomes).toContain("none");
}, 300_000); // a process for each of the writes

const order = ["none", "whole", "answered"];

test("what was answered before a kill among many requests is there after it, and the rest can be registered", async () => {
  const names = Array.from({ length: 40 }, (_, index) => `user${index}`);
  const answered = new Map<string, Answer>();

  const first = await startProcess();
  const ready = names.map(async (name) => [name, await readyToRegister(first.url, name)] as const);
  const finals = new Map(await Promise.all(ready));
  const registrations = names.map(async (name) => {
    const answer = await post(first.url, finals.get(name)).catch(() => undefined); // the process is gone
    if (answer === undefined) return;
    answered.set(name, answer);
    if (answered.size === 10) first.kill();
  });
  await Promise.all([...registrations, first.exited]);
  const existing = await wholeAccounts();
  expect(existing).toEqual(expect.arrayContaining([...answered.keys()]));

  const second = await startProcess();
  for (const name of names) {
    if (!existing.includes(name)) finals.set(name, await readyToRegister(second.url, name));
    const answer = await post(second.url, finals.get(name));
    expect(answer.status, `${name}: ${answer.text}`).toBe(200);
    if (answered.has(name)) expect(answer.text).toBe(answered.get(name)?.text);
    const headers = { authorization: `Bearer ${answer.body.access_token}` };
    const owner = await readAnswer(await fetch(`${second.url}/_matrix/client/v3/account/whoami`, { headers }));
    expect(owner.body).toMatchObject({ user_id: `@${name}:localhost` });
  }
  second.kill();
  await second.exited;
  expect((await wholeAccounts()).toSorted()).toEqual(names.toSorted());
}, 120_000);

/** The localparts of all accounts, each checked to have all that registration gives to it. */
async function wholeAccounts(): Promise<string[]> {
  const db = await openDatabase(database, systemClock);
  try {
    const users = await db.selectFrom("hs_users").selectAll().execute();
    for (const { user_id: userId, password_hash: hash } of users) {
      expect(hash).toMatch(/^\$scrypt\$/);
      for (const table of ["hs_devices", "hs_access_tokens", "hs_refresh_tokens", "hs_terms_acceptances"] as const) {
        const rows = await db.selectFrom(table).select("user_id").where("user_id", "=", userId).execute();
        expect(rows, `${table} of ${userId}`).toHaveLength(1);
      }
    }
    return users.map(({ localpart }) => localpart);
  } finally {
    await db.destroy();
  }
}

/** Goes through the authentication up to the last request, which it returns. */
async function readyToRegister(url: string, username: string): Promise<object> {
  const body = { username, password: "some password", refresh_token: true };
  const { session } = (await post(url, body)).body;
  await post(url, { ...body, auth: { type: "m.login.terms", session } });
  return { ...body, auth: { type: "m.login.dummy", session } };
}

async function post(url: string, body: unknown): Promise<Answer> {
  const request = { method: "POST", body: JSON.stringify(body) };
  return readAnswer(await fetch(`${url}/_matrix/client/v3/register`, request));
}

function startProcess() {
  return startServerProcess({
    database,
    rateLimits: { login: false, registration: false, userInteractiveAuth: false },
    registration: { flows: [["m.login.terms", "m.login.dummy"]] },
    terms: { privacy: { version: "1", en: { name: "Privacy", url: "https://example.org/privacy" } } },
  });
}
