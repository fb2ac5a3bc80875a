import { afterAll, beforeAll, expect, test } from "vitest";
import { peerName, runIdentityServer } from "../fixtures/running-identity-server.ts";
import type { RunningIdentityServer } from "../fixtures/running-identity-server.ts";

const alice = `@alice:${peerName}`;
let running: RunningIdentityServer;

beforeAll(async () => {
  running = await runIdentityServer();
});
afterAll(() => running[Symbol.asyncDispose]());

function register(access_token: string, matrix_server_name = peerName) {
  const body = { access_token, token_type: "Bearer", matrix_server_name, expires_in: 3600 };
  return running.call("POST", "/v2/account/register", { body });
}

test("rules 11 and 13: a token for an OpenID token, until logout", async () => {
  const token = await running.register(alice);
  const other = await running.register(alice);
  expect(Buffer.from(token.slice(token.indexOf("_") + 1), "base64url").length).toBeGreaterThanOrEqual(32);
  expect((await running.call("GET", "/v2/account", { token })).body).toEqual({ user_id: alice });

  expect(await running.call("POST", "/v2/account/logout", { token })).toMatchObject({ status: 200, text: "{}" });
  for (const path of ["/v2/account/logout", "/v2/account"] as const) {
    const answer = await running.call(path.endsWith("logout") ? "POST" : "GET", path, { token });
    expect(answer).toMatchObject({ status: 401, body: { errcode: "M_UNAUTHORIZED" } });
  }
  expect((await running.call("GET", "/v2/account", { token: other })).status).toBe(200);
});

test("rule 12: no token for an OpenID token that the homeserver does not know, or does not vouch for rightly", async () => {
  const answers: readonly (readonly [string, unknown])[] = [
    ["somebody-elses-user", { sub: "@alice:other.test" }],
    ["a-longer-name", { sub: `@alice:${peerName}.evil.test` }],
    ["two-names", { sub: `@alice:evil.test:${peerName}` }],
    ["no-user-id", { sub: "alice" }],
    ["no-string", { sub: { toString: "x" } }],
    ["nothing", {}],
    ["no-object", [1]],
    ["null", null],
  ];
  for (const [openIdToken, answer] of answers) running.peer.subjects.set(openIdToken, answer);
  for (const openIdToken of ["unknown", ...answers.map(([name]) => name)]) {
    expect(await register(openIdToken), openIdToken).toMatchObject({
      status: 401,
      body: { errcode: "M_UNAUTHORIZED" },
    });
  }
});

test("private addresses are not asked, and names that are none are refused", async () => {
  for (const name of ["127.0.0.1:1", "127.0.0.999"]) {
    expect(await register("any", name), name).toMatchObject({ status: 401, body: { errcode: "M_UNAUTHORIZED" } });
  }
  for (const name of ["peer.test/../x", "user@peer.test", "peer.test?x", ""]) {
    expect(await register("any", name), name).toMatchObject({ status: 400, body: { errcode: "M_INVALID_PARAM" } });
  }
});

test("rules 9 and 11: a user of our own homeserver gets in by an OpenID token, and not by the access token", async () => {
  const post = async (path: string, body: object, token?: string) => {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const url = `${running.server.homeserver}/_matrix/client/v3${path}`;
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
    return (await response.json()) as Record<string, string>; // the fields used here are strings
  };
  const account = { username: "carol", password: "correct horse" };
  const { session } = await post("/register", account);
  const { access_token, user_id = "" } = await post("/register", {
    ...account,
    auth: { type: "m.login.dummy", session },
  });
  expect(access_token).toMatch(/./);
  const refused = await running.call("GET", "/v2/account", { token: String(access_token) });
  expect(refused).toMatchObject({ status: 401, body: { errcode: "M_UNAUTHORIZED" } });

  const openId = await post(`/user/${encodeURIComponent(user_id)}/openid/request_token`, {}, access_token);
  const registered = await running.call("POST", "/v2/account/register", { body: openId });
  const owner = await running.call("GET", "/v2/account", { token: String(registered.body["token"]) });
  expect(owner.body).toEqual({ user_id });
});
