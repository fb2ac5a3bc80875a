import { afterAll, describe, expect, test } from "vitest";
import { addThreepid } from "../accounts/accounts.ts";
import { password, passwordOf, startHomeserver } from "../fixtures/homeserver.ts";

const home = await startHomeserver({ passwordPolicy: { requireUppercase: true, minimumLength: 1 } });

afterAll(() => home[Symbol.asyncDispose]());

const old = `A ${password}`;
const changed = "Another one entirely";
const register = (username: string) => home.register(username, { password: old });
const login = (username: string, given: string) => home.login(username, { password: given });
const whoami = async (token: string) => (await home.call("GET", "/v3/account/whoami", { token })).status;

const change = (username: string, token: string, fields: object = {}) =>
  home.authenticated("POST", "/v3/account/password", passwordOf(username, old), {
    token,
    body: { new_password: changed, ...fields },
  });

describe("changing the password", () => {
  test("asks for the old one, keeps the caller's session and ends all others", async () => {
    const mine = await register("alice");
    const others = (await login("alice", old)).body;
    const loginToken = await home.authenticated("POST", "/v1/login/get_token", passwordOf("alice", old), {
      token: mine.access_token,
    });
    const asked = await home.call("POST", "/v3/account/password", {
      token: mine.access_token,
      body: { new_password: changed },
    });
    expect(asked).toMatchObject({ status: 401, body: { flows: [{ stages: ["m.login.password"] }] } });
    expect(await change("alice", mine.access_token)).toMatchObject({ status: 200, body: {} });
    expect(await whoami(mine.access_token)).toBe(200);
    expect(await whoami(others.access_token)).toBe(401);
    expect((await login("alice", old)).status).toBe(403);
    expect((await login("alice", changed)).status).toBe(200);
    const spent = { type: "m.login.token", token: loginToken.body.login_token };
    expect((await home.call("POST", "/v3/login", { body: spent })).status).toBe(403);
  });

  test("leaves other sessions alone where logout_devices is false", async () => {
    const mine = await register("bob");
    const other = (await login("bob", old)).body;
    expect((await change("bob", mine.access_token, { logout_devices: false })).status).toBe(200);
    expect(await whoami(other.access_token)).toBe(200);
  });

  test("refuses a weak one before it asks", async () => {
    const { access_token: token } = await register("weak");
    const answer = await home.call("POST", "/v3/account/password", { token, body: { new_password: "lower" } });
    expect(answer).toMatchObject({ status: 400, body: { errcode: "M_WEAK_PASSWORD" } });
  });

  test("takes nobody else's password", async () => {
    const mine = await register("mine");
    await register("yours");
    const answer = await home.authenticated("POST", "/v3/account/password", passwordOf("yours", old), {
      token: mine.access_token,
      body: { new_password: changed },
    });
    expect(answer).toMatchObject({ status: 401, body: { errcode: "M_FORBIDDEN" } });
    for (const username of ["mine", "yours"]) expect((await login(username, old)).status).toBe(200);
  });

  test("without a token offers ways for those who forgot it", async () => {
    const asked = await home.call("POST", "/v3/account/password", { body: { new_password: changed } });
    expect(asked.status).toBe(401);
    expect(asked.body.flows).toContainEqual({ stages: ["m.login.email.identity"] });
    expect(asked.body.flows).toContainEqual({ stages: ["m.login.msisdn"] });
  });

  test("an unknown token is not taken for none", async () => {
    const answer = await home.call("POST", "/v3/account/password", { token: "x", body: { new_password: changed } });
    expect(answer).toMatchObject({ status: 401, body: { errcode: "M_UNKNOWN_TOKEN" } });
    expect(answer.body).not.toHaveProperty("flows");
  });
});

describe("deactivation", () => {
  test("ends everything but the name", async () => {
    const session = await register("gone");
    const { access_token: token, user_id: userId } = session;
    await addThreepid(home, userId, { medium: "email", address: "gone@example.org", validatedAt: 1 });
    const openId = await home.call("POST", `/v3/user/${userId}/openid/request_token`, { token, body: {} });
    const answer = await home.authenticated("POST", "/v3/account/deactivate", passwordOf("gone", old), { token });
    expect(answer).toMatchObject({ status: 200, body: { id_server_unbind_result: "success" } });

    expect(await whoami(token)).toBe(401);
    expect(await login("gone", old)).toMatchObject({ status: 403, body: { errcode: "M_USER_DEACTIVATED" } });
    expect((await home.call("GET", "/v3/register/available?username=gone")).body.errcode).toBe("M_USER_IN_USE");
    const byAddress = {
      type: "m.login.password",
      identifier: { type: "m.id.thirdparty", medium: "email", address: "gone@example.org" },
      password: old,
    };
    expect((await home.call("POST", "/v3/login", { body: byAddress })).body.errcode).toBe("M_FORBIDDEN");
    const userinfo = `${home.url}/_matrix/federation/v1/openid/userinfo?access_token=${openId.body.access_token}`;
    expect((await fetch(userinfo)).status).toBe(401);
  });

  test("works without a token, by the password", async () => {
    await register("tokenless");
    const answer = await home.authenticated("POST", "/v3/account/deactivate", passwordOf("tokenless", old));
    expect(answer.status).toBe(200);
    expect((await login("tokenless", old)).body.errcode).toBe("M_USER_DEACTIVATED");
  });

  test("says no-support where an identity server does not unbind, and deactivates all the same", async () => {
    const { access_token: token, user_id: userId } = await register("bound");
    const binding = { medium: "email", address: "bound@example.org", user_id: userId };
    await home.db
      .insertInto("hs_threepid_bindings")
      .values({ ...binding, id_server: "untrusted.example.org", bound_at: 1 })
      .execute();
    const answer = await home.authenticated("POST", "/v3/account/deactivate", passwordOf("bound", old), { token });
    expect(answer.body).toEqual({ id_server_unbind_result: "no-support" });
    expect(await whoami(token)).toBe(401);
  });
});
