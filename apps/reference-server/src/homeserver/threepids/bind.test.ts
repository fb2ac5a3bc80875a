import { afterAll, describe, expect, test } from "vitest";
import { passwordOf, startHomeserver } from "../fixtures/homeserver.ts";
import { identityAccount } from "./fixtures/identity.ts";
import { addEmail } from "./fixtures/messages.ts";

const home = await startHomeserver({ identity: { trustedServers: ["dead.example.org"] }, logLevel: "silent" });
const alice = await home.register("alice");
const identity = await identityAccount(home, alice);

afterAll(() => home[Symbol.asyncDispose]());

const post = (path: string, body: object) =>
  home.call("POST", `/v3/account/3pid${path}`, { token: alice.access_token, body });

const idServer = () => ({ id_server: identity.idServer, id_access_token: identity.token });

const success = { status: 200, body: { id_server_unbind_result: "success" } };
const noSupport = { status: 200, body: { id_server_unbind_result: "no-support" } };

const bindings = async () =>
  (await home.db.selectFrom("hs_threepid_bindings").select("address").execute()).map(({ address }) => address);

test("bind publishes the address at the identity server, and unbind finds the way back by itself", async () => {
  const email = "bound@example.org";
  expect(await post("/bind", { ...(await identity.validate(email)), ...idServer() })).toMatchObject({
    status: 200,
    body: {},
  });
  expect(await identity.lookUp(email)).toBe(alice.user_id);
  expect(await bindings()).toContain(email);
  expect((await home.call("GET", "/v3/account/3pid", { token: alice.access_token })).body).toEqual({ threepids: [] });
  expect(await post("/unbind", { medium: "email", address: "Bound@example.org" })).toMatchObject(success);
  expect(await identity.lookUp(email)).toBeUndefined();
  expect(await bindings()).not.toContain(email);
  expect(await post("/unbind", { medium: "email", address: email })).toMatchObject(noSupport);
});

test("the old way to bind does the same", async () => {
  const email = "old@example.org";
  const three_pid_creds = { ...(await identity.validate(email)), ...idServer() };
  expect(await post("", { three_pid_creds })).toMatchObject({ status: 200, body: {} });
  expect(await identity.lookUp(email)).toBe(alice.user_id);
  const unknown = { sid: "unknown", client_secret: "x", ...idServer() };
  const failed = { status: 403, body: { errcode: "M_THREEPID_AUTH_FAILED" } };
  expect(await post("", { three_pid_creds: unknown })).toMatchObject(failed);
  const untrusted = { ...unknown, id_server: "evil.example.org" };
  expect(await post("", { three_pid_creds: untrusted })).toMatchObject({
    status: 400,
    body: { errcode: "M_SERVER_NOT_TRUSTED" },
  });
});

test("delete takes an address off the account and unbinds it, where it is told or where it was bound", async () => {
  for (const named of [{}, { id_server: identity.idServer }]) {
    const email = "both@example.org";
    await addEmail(home, alice.access_token, "alice", email);
    await post("/bind", { ...(await identity.validate(email)), ...idServer() });
    expect(await post("/delete", { medium: "email", address: email, ...named })).toMatchObject(success);
    expect(await identity.lookUp(email)).toBeUndefined();
  }
});

test("nobody unbinds another user's address", async () => {
  const email = "alices@example.org";
  await post("/bind", { ...(await identity.validate(email)), ...idServer() });
  const mallory = await home.register("mallory");
  const body = { medium: "email", address: email, id_server: identity.idServer };
  await home.call("POST", "/v3/account/3pid/unbind", { token: mallory.access_token, body });
  expect(await identity.lookUp(email)).toBe(alice.user_id);
});

test("deactivation unbinds what was bound", async () => {
  const leaving = await home.register("leaving");
  const own = await identityAccount(home, leaving);
  const body = { ...(await own.validate("leaving@example.org")), id_server: own.idServer, id_access_token: own.token };
  await home.call("POST", "/v3/account/3pid/bind", { token: leaving.access_token, body });
  expect(await identity.lookUp("leaving@example.org")).toBe(leaving.user_id);
  const { access_token: token } = leaving;
  expect(await home.authenticated("POST", "/v3/account/deactivate", passwordOf("leaving"), { token })).toMatchObject(
    success,
  );
  expect(await identity.lookUp("leaving@example.org")).toBeUndefined();
});

describe("what the identity server says is passed on", () => {
  test("for a session that nobody knows", async () => {
    const answer = await post("/bind", { sid: "unknown", client_secret: "x", ...idServer() });
    expect(answer).toMatchObject({ status: 404, body: { errcode: "M_NO_VALID_SESSION" } });
  });

  test("for a session that is not validated", async () => {
    const request = { client_secret: "pending", email: "pending@example.org", send_attempt: 1 };
    const { sid } = (await identity.call("POST", "/validate/email/requestToken", request)).body;
    const answer = await post("/bind", { sid, client_secret: "pending", ...idServer() });
    expect(answer).toMatchObject({ status: 400, body: { errcode: "M_SESSION_NOT_VALIDATED" } });
  });

  test("for a token that does not count there", async () => {
    const credentials = await identity.validate("token@example.org");
    const answer = await post("/bind", { ...credentials, ...idServer(), id_access_token: alice.access_token });
    expect(answer).toMatchObject({ status: 401, body: { errcode: "M_UNAUTHORIZED" } });
  });
});

test.each(["evil.example.org", "user@dead.example.org", "dead.example.org/path", "dead.example.org?", ""])(
  "the identity server %j is not asked at all",
  async (id_server) => {
    const answer = await post("/bind", { sid: "x", client_secret: "x", id_server, id_access_token: "x" });
    expect(answer.status).toBe(400);
    expect(["M_SERVER_NOT_TRUSTED", "M_BAD_JSON"]).toContain(answer.body.errcode);
    if (id_server === "") return;
    expect(await post("/unbind", { medium: "email", address: "a@example.org", id_server })).toMatchObject(noSupport);
  },
);

test("a trusted identity server that cannot be reached is an error of its own, and keeps the association known", async () => {
  const dead = { id_server: "dead.example.org", id_access_token: "x" };
  const answer = await post("/bind", { sid: "x", client_secret: "x", ...dead });
  expect(answer).toMatchObject({ status: 400, body: { errcode: "M_UNKNOWN" } });
  const row = { medium: "email", address: "dead@example.org", user_id: alice.user_id, id_server: dead.id_server };
  await home.db
    .insertInto("hs_threepid_bindings")
    .values({ ...row, bound_at: 1 })
    .execute();
  expect(await post("/unbind", { medium: "email", address: "dead@example.org" })).toMatchObject(noSupport);
  expect(await bindings()).toContain("dead@example.org");
});
