import { afterEach, beforeEach, expect, test } from "vitest";
import type { Answer } from "../../fixtures/call.ts";
import { password, startHomeserver } from "../fixtures/homeserver.ts";
import type { TestHomeserver } from "../fixtures/homeserver.ts";

const minute = 60_000;
let home: TestHomeserver;

beforeEach(async () => {
  home = await startHomeserver({
    registration: {
      flows: [["m.login.registration_token", "m.login.dummy"]],
      tokens: [
        { token: "once", usesAllowed: 1 },
        { token: "always" },
        { token: "today", expiresAt: Date.UTC(2026, 0, 1) + minute },
      ],
    },
  });
});

afterEach(() => home[Symbol.asyncDispose]());

/** Goes on with a registration; `token` is attempted with a session that is asked for first. */
async function start(username: string, token: string): Promise<{ session: string; answer: Answer }> {
  const body = { username, password };
  const { session } = (await home.call("POST", "/v3/register", { body })).body;
  return { session, answer: await go(username, { type: "m.login.registration_token", token, session }) };
}

const go = (username: string, auth: object) =>
  home.call("POST", "/v3/register", { body: { username, password, auth } });

const finish = (username: string, session: string) => go(username, { type: "m.login.dummy", session });

async function isValid(token: string): Promise<boolean> {
  const path = `/v1/register/m.login.registration_token/validity?token=${token}`;
  return (await home.call("GET", path)).body.valid;
}

const counts = async () =>
  home.db
    .selectFrom("hs_registration_tokens")
    .select(["uses_pending", "uses_completed"])
    .where("token", "=", "once")
    .executeTakeFirst();

const completed = { status: 401, body: { completed: ["m.login.registration_token"] } };
const refused = { status: 401, body: { errcode: "M_UNAUTHORIZED", flows: expect.any(Array) as unknown[] } };

test("rule 35: a token is good until it is used up: first set aside, then counted", async () => {
  expect(await isValid("once")).toBe(true);
  const { session, answer } = await start("alice", "once");
  expect(answer).toMatchObject(completed);
  expect(await counts()).toEqual({ uses_pending: 1, uses_completed: 0 });
  expect(await isValid("once")).toBe(false);
  expect((await finish("alice", session)).status).toBe(200);
  expect(await counts()).toEqual({ uses_pending: 0, uses_completed: 1 });
  expect((await finish("alice", session)).status).toBe(200); // the same answer again, and no second use
  expect(await counts()).toEqual({ uses_pending: 0, uses_completed: 1 });
  expect((await start("bob", "once")).answer).toMatchObject(refused);
});

test.each(["unknown", "ONCE", "onc", "__proto__"])("rule 35: %s is no token", async (token) => {
  expect(await isValid(token)).toBe(false);
  expect((await start("alice", token)).answer).toMatchObject(refused);
});

test("a refused token may be tried again with the right one", async () => {
  const { session } = await start("alice", "unknown");
  const again = await go("alice", { type: "m.login.registration_token", token: "always", session });
  expect(again).toMatchObject(completed);
  expect((await finish("alice", session)).status).toBe(200);
});

test("a token expires by the clock", async () => {
  expect(await isValid("today")).toBe(true);
  home.clock.advance(minute);
  expect(await isValid("today")).toBe(false);
  expect((await start("alice", "today")).answer).toMatchObject(refused);
});

test("of twenty who want the only use at once, one gets it", async () => {
  const started = await Promise.all(Array.from({ length: 20 }, (_, i) => start(`user${i}`, "once")));
  expect(started.filter(({ answer }) => answer.body.completed !== undefined)).toHaveLength(1);
  expect(await counts()).toEqual({ uses_pending: 1, uses_completed: 0 });
});

test("a use that was set aside is free again once its session is over", async () => {
  await start("alice", "once");
  home.clock.advance(31 * minute);
  await home.call("POST", "/v3/register", { body: { username: "anybody", password } }); // which clears up
  expect(await counts()).toEqual({ uses_pending: 0, uses_completed: 0 });
  const { session, answer } = await start("bob", "once");
  expect(answer).toMatchObject(completed);
  expect((await finish("bob", session)).status).toBe(200);
});

test("a registration that fails at the end keeps its use for another name", async () => {
  const { session } = await start("alice", "once");
  const other = await start("alice", "always");
  expect((await finish("alice", other.session)).status).toBe(200);
  expect(await finish("alice", session)).toMatchObject({ status: 400, body: { errcode: "M_USER_IN_USE" } });
  expect(await counts()).toEqual({ uses_pending: 1, uses_completed: 0 });
});
