import { afterAll, expect, test } from "vitest";
import { sql } from "kysely";
import { startHomeserver } from "../fixtures/homeserver.ts";
import type { Session } from "../fixtures/homeserver.ts";

const lifetime = 60_000;
const day = 24 * 3600_000;

const home = await startHomeserver({ tokens: { accessTokenLifetimeMs: lifetime, refreshTokenLifetimeMs: 30 * day } });
await home.register("alice");

afterAll(() => home[Symbol.asyncDispose]());

const whoami = (token: string) => home.call("GET", "/v3/account/whoami", { token });
const refresh = (token: string | undefined) => home.call("POST", "/v3/refresh", { body: { refresh_token: token } });
const login = async (): Promise<Session> => (await home.login("alice", { refresh_token: true })).body;

test("an access token without a refresh token does not expire", async () => {
  const session = (await home.login("alice")).body;
  expect(session).not.toHaveProperty("refresh_token");
  expect(session).not.toHaveProperty("expires_in_ms");
  home.clock.advance(1000 * lifetime);
  expect((await whoami(session.access_token)).status).toBe(200);
});

test("one with a refresh token expires softly, and can be refreshed then", async () => {
  const session = await login();
  expect(session.expires_in_ms).toBe(lifetime);
  home.clock.advance(lifetime - 1);
  expect((await whoami(session.access_token)).status).toBe(200);
  home.clock.advance(1);
  expect(await whoami(session.access_token)).toMatchObject({
    status: 401,
    body: { errcode: "M_UNKNOWN_TOKEN", soft_logout: true },
  });
  const renewed = (await refresh(session.refresh_token)).body;
  expect(await whoami(renewed.access_token)).toMatchObject({ status: 200, body: { device_id: session.device_id } });
});

test("a refresh token works until what it gave is used, and takes back what it gave before", async () => {
  const session = await login();
  const lost = (await refresh(session.refresh_token)).body;
  const kept = (await refresh(session.refresh_token)).body;
  expect(kept.refresh_token).not.toBe(lost.refresh_token);
  expect(await refresh(lost.refresh_token)).toMatchObject({ status: 401, body: { soft_logout: true } });
  expect((await whoami(session.access_token)).status).toBe(200);

  expect((await whoami(kept.access_token)).status).toBe(200);
  expect(await refresh(session.refresh_token)).toMatchObject({
    status: 401,
    body: { errcode: "M_UNKNOWN_TOKEN", soft_logout: true },
  });
  expect(await whoami(session.access_token)).toMatchObject({ status: 401, body: { soft_logout: true } });
});

test("the use of the new refresh token ends the old one too", async () => {
  const session = await login();
  const next = (await refresh(session.refresh_token)).body;
  expect((await refresh(next.refresh_token)).status).toBe(200);
  expect((await refresh(session.refresh_token)).status).toBe(401);
  expect((await refresh(next.refresh_token)).status).toBe(200);
});

test("concurrent uses of one refresh token leave one pair that works", async () => {
  const session = await login();
  const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(session.refresh_token)));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
  const alive = [];
  for (const { body } of answers) if ((await whoami(body.access_token)).status === 200) alive.push(body);
  expect(alive).toHaveLength(1);
});

test("refresh tokens end with their lifetime, and unknown ones were never there", async () => {
  const session = await login();
  home.clock.advance(30 * day);
  expect(await refresh(session.refresh_token)).toMatchObject({ status: 401, body: { soft_logout: true } });
  expect(await refresh("mrt_unknown")).toMatchObject({ status: 401, body: { soft_logout: false } });
});

test("tokens that were rotated long ago are forgotten, the last ones never", async () => {
  let session = await login();
  for (let round = 0; round < 5; round++) {
    home.clock.advance(2 * day);
    expect(await whoami(session.access_token)).toMatchObject({ status: 401, body: { soft_logout: true } });
    session = { ...session, ...(await refresh(session.refresh_token)).body };
    expect((await whoami(session.access_token)).status).toBe(200);
  }
  const rows = await home.db
    .selectFrom("hs_access_tokens")
    .select("token_hash")
    .where("device_id", "=", session.device_id)
    .execute();
  expect(rows.length).toBeLessThanOrEqual(2); // 1 where the housekeeping has come by since
});

test("logout ends the session and its device, logout/all every one of them", async () => {
  const [first, second, third] = [await login(), await login(), await login()];
  expect((await home.call("POST", "/v3/logout", { token: first.access_token })).body).toEqual({});
  expect(await whoami(first.access_token)).toMatchObject({ status: 401, body: { errcode: "M_UNKNOWN_TOKEN" } });
  expect((await whoami(first.access_token)).body).not.toHaveProperty("soft_logout");
  expect((await refresh(first.refresh_token)).status).toBe(401);
  expect((await home.call("GET", `/v3/devices/${first.device_id}`, { token: second.access_token })).status).toBe(404);

  expect((await home.call("POST", "/v3/logout/all", { token: second.access_token })).body).toEqual({});
  for (const { access_token } of [second, third]) expect((await whoami(access_token)).status).toBe(401);
  expect((await home.login("alice")).status).toBe(200);
});

test("no token is in the database as it is", async () => {
  const session = await login();
  const tables = ["hs_access_tokens", "hs_refresh_tokens", "hs_users", "hs_uia_sessions"];
  const results = await Promise.all(tables.map((table) => sql`select * from ${sql.table(table)}`.execute(home.db)));
  const dump = JSON.stringify(results.map(({ rows }) => rows));
  expect(dump).toContain(session.user_id);
  expect(dump).not.toContain(session.access_token);
  expect(dump).not.toContain(session.refresh_token);
});
