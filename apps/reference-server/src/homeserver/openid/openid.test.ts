import { afterAll, expect, test } from "vitest";
import { readAnswer } from "../../fixtures/call.ts";
import { startHomeserver } from "../fixtures/homeserver.ts";

const home = await startHomeserver();
const alice = await home.register("alice");

afterAll(() => home[Symbol.asyncDispose]());

const userinfo = async (query: string, method = "GET") =>
  readAnswer(await fetch(`${home.url}/_matrix/federation/v1/openid/userinfo${query}`, { method }));
const request = (userId: string) =>
  home.call("POST", `/v3/user/${encodeURIComponent(userId)}/openid/request_token`, {
    token: alice.access_token,
    body: {},
  });

test("a token shows who the user is, until it expires", async () => {
  const { body } = await request(alice.user_id);
  expect(body).toMatchObject({ token_type: "Bearer", matrix_server_name: "localhost", expires_in: 3600 });
  expect(await userinfo(`?access_token=${body.access_token}`)).toMatchObject({
    status: 200,
    body: { sub: alice.user_id },
  });
  home.clock.advance(body.expires_in * 1000);
  expect(await userinfo(`?access_token=${body.access_token}`)).toMatchObject({
    status: 401,
    body: { errcode: "M_UNKNOWN_TOKEN" },
  });
});

test("it is no access token, and an access token is none", async () => {
  const { body } = await request(alice.user_id);
  expect((await home.call("GET", "/v3/account/whoami", { token: body.access_token })).status).toBe(401);
  expect((await userinfo(`?access_token=${alice.access_token}`)).status).toBe(401);
});

test("nobody gets one for somebody else", async () => {
  await home.register("bob");
  expect(await request("@bob:localhost")).toMatchObject({ status: 403, body: { errcode: "M_FORBIDDEN" } });
});

test("it shows nobody once the account is deactivated, even if it was asked for in the same moment", async () => {
  const { body } = await request(alice.user_id);
  await home.db.updateTable("hs_users").set({ deactivated_at: 1 }).where("user_id", "=", alice.user_id).execute();
  expect((await userinfo(`?access_token=${body.access_token}`)).status).toBe(401);
  await home.db.updateTable("hs_users").set({ deactivated_at: null }).where("user_id", "=", alice.user_id).execute();
});

test("userinfo keeps the rules of every endpoint", async () => {
  const missing = await userinfo("");
  expect(missing).toMatchObject({ status: 401, body: { errcode: "M_MISSING_TOKEN" } });
  expect(missing.headers.get("access-control-allow-origin")).toBe("*");
  expect(await userinfo("", "POST")).toMatchObject({ status: 405, body: { errcode: "M_UNRECOGNIZED" } });
  expect((await userinfo("", "OPTIONS")).status).toBe(204);
});
