import { afterAll, expect, test } from "vitest";
import { defaultConfiguration } from "../configuration/defaults.ts";
import { systemRandom } from "../crypto/random.ts";
import { doChores } from "./chores.ts";
import { password, passwordOf, startHomeserver } from "./fixtures/homeserver.ts";

const day = 24 * 3600_000;

const home = await startHomeserver();

afterAll(() => home[Symbol.asyncDispose]());

const tables = [
  "hs_uia_sessions",
  "hs_validation_sessions",
  "hs_login_tokens",
  "hs_openid_tokens",
  "hs_access_tokens",
  "hs_refresh_tokens",
] as const;

async function rows(): Promise<Record<string, number>> {
  const count = async (table: (typeof tables)[number]) =>
    (
      await home.db
        .selectFrom(table)
        .select(({ fn }) => fn.countAll<number>().as("rows"))
        .executeTakeFirstOrThrow()
    ).rows;
  return Object.fromEntries(await Promise.all(tables.map(async (table) => [table, await count(table)])));
}

const chores = () => doChores({ db: home.db, clock: home.clock, config: defaultConfiguration, random: systemRandom });

test("what has expired is cleared up, and not before; the last tokens of a device stay, to be told apart", async () => {
  const first = await home.register("alice", { refresh_token: true });
  home.clock.advance(1000);
  const second = (await home.call("POST", "/v3/refresh", { body: { refresh_token: first.refresh_token } })).body;
  const token = second.access_token;
  await home.authenticated("POST", "/v1/login/get_token", passwordOf("alice"), { token });
  await home.call("POST", "/v3/user/@alice:localhost/openid/request_token", { token, body: {} });
  await home.call("POST", "/v3/register", { body: { username: "bob", password } });
  const request = { client_secret: "secret", email: "bob@example.org", send_attempt: 1 };
  await home.call("POST", "/v3/register/email/requestToken", { body: request });

  const full = await rows();
  expect(full).toEqual({
    hs_uia_sessions: 3,
    hs_validation_sessions: 1,
    hs_login_tokens: 1,
    hs_openid_tokens: 1,
    hs_access_tokens: 2,
    hs_refresh_tokens: 2,
  });
  await chores();
  expect(await rows()).toEqual(full);

  home.clock.advance(30 * day);
  await chores();
  expect(await rows()).toEqual({
    hs_uia_sessions: 0,
    hs_validation_sessions: 0,
    hs_login_tokens: 0,
    hs_openid_tokens: 0,
    hs_access_tokens: 1,
    hs_refresh_tokens: 1,
  });
  expect(await home.call("GET", "/v3/account/whoami", { token })).toMatchObject({
    status: 401,
    body: { soft_logout: true },
  });
  expect((await home.call("POST", "/v3/refresh", { body: { refresh_token: second.refresh_token } })).status).toBe(200);
});

test("a pair whose successor never arrived stays, because it can still be traded", async () => {
  const session = await home.register("carol", { refresh_token: true });
  home.clock.advance(1000);
  await home.call("POST", "/v3/refresh", { body: { refresh_token: session.refresh_token } });
  home.clock.advance(30 * day);
  await chores();
  expect(await home.call("GET", "/v3/account/whoami", { token: session.access_token })).toMatchObject({
    status: 401,
    body: { soft_logout: true },
  });
  expect((await home.call("POST", "/v3/refresh", { body: { refresh_token: session.refresh_token } })).status).toBe(200);
});
