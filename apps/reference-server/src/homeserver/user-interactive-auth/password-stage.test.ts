import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { password, passwordOf, startHomeserver } from "../fixtures/homeserver.ts";
import type { Session, TestHomeserver } from "../fixtures/homeserver.ts";
import { addEmail } from "../threepids/fixtures/messages.ts";

let home: TestHomeserver;
let alice: Session;

beforeAll(async () => {
  home = await startHomeserver({ rateLimits: { login: { requests: 5, perMs: 60_000 } } });
  alice = await home.register("alice");
  await home.register("bob");
  await addEmail(home, alice.access_token, "alice", "alice@example.org");
  const phone = { medium: "msisdn", address: "447700900123", user_id: alice.user_id, validated_at: 1, added_at: 1 };
  await home.db.insertInto("hs_threepids").values(phone).execute();
});

afterAll(() => home[Symbol.asyncDispose]());

const path = "/v3/account/3pid/add";
const body = { sid: "unknown", client_secret: "secret" };

/** What add3PID says once it is authenticated: the session is unknown, and nothing has happened. */
const authenticated = { status: 403, body: { errcode: "M_THREEPID_AUTH_FAILED" } };

const attempt = (auth: object) => home.authenticated("POST", path, auth, { token: alice.access_token, body });

describe("rules 24, 25 and 27: the account may be named by", () => {
  test.each([
    ["its localpart", { type: "m.id.user", user: "alice" }],
    ["its user ID", { type: "m.id.user", user: "@alice:localhost" }],
    ["its email address", { type: "m.id.thirdparty", medium: "email", address: "Alice@Example.org" }],
    ["its phone number as stored", { type: "m.id.thirdparty", medium: "msisdn", address: "447700900123" }],
    ["its phone number as dialled", { type: "m.id.phone", country: "GB", phone: "07700 900123" }],
  ])("%s", async (_name, identifier) => {
    expect(await attempt({ type: "m.login.password", identifier, password })).toMatchObject(authenticated);
  });
});

test("rules 13 and 14: a wrong password is told with the challenge, and the session takes the right one", async () => {
  const token = alice.access_token;
  const asked = await home.call("POST", path, { token, body });
  const { session } = asked.body;
  const wrong = await home.call("POST", path, {
    token,
    body: { ...body, auth: { ...passwordOf("alice", "x"), session } },
  });
  expect(wrong).toMatchObject({ status: 401, body: { ...asked.body, errcode: "M_FORBIDDEN" } });
  const right = await home.call("POST", path, { token, body: { ...body, auth: { ...passwordOf("alice"), session } } });
  expect(right).toMatchObject(authenticated);
});

describe("rule 28: with alice's token", () => {
  const refused = { status: 401, body: { errcode: "M_FORBIDDEN", flows: [{ stages: ["m.login.password"] }] } };

  test("bob's password is as good as a wrong one", async () => {
    const right = await attempt(passwordOf("bob"));
    const wrong = await attempt(passwordOf("bob", "not bob's"));
    expect(right).toMatchObject(refused);
    expect(wrong.body.error).toBe(right.body.error);
  });

  test("nobody's password counts against bob, whose account it was not", async () => {
    for (let i = 0; i < 10; i++) await attempt(passwordOf("bob", `guess ${i}`));
    expect((await home.login("bob")).status).toBe(200);
  });

  test.each([
    ["an unknown user", { type: "m.id.user", user: "nobody" }],
    ["a user of another server", { type: "m.id.user", user: "@alice:example.org" }],
  ])("%s is refused", async (_name, identifier) => {
    expect(await attempt({ type: "m.login.password", identifier, password })).toMatchObject(refused);
  });
});

describe("rule 26: an address that nobody has ends the attempt with 403:", () => {
  test.each([
    ["an email address", { type: "m.id.thirdparty", medium: "email", address: "nobody@example.org" }],
    ["an impossible number", { type: "m.id.phone", country: "GB", phone: "1" }],
  ])("%s", async (_name, identifier) => {
    const answer = await attempt({ type: "m.login.password", identifier, password });
    expect(answer).toMatchObject({ status: 403, body: { errcode: "M_FORBIDDEN" } });
    expect(answer.body).not.toHaveProperty("flows");
  });
});

test("without a token the password shows which account is meant", async () => {
  const asked = { new_password: "another good password", logout_devices: false };
  const changed = await home.authenticated("POST", "/v3/account/password", passwordOf("bob"), { body: asked });
  expect(changed.status).toBe(200);
  expect((await home.login("bob", { password: asked.new_password })).status).toBe(200);
  expect((await home.login("bob")).status).toBe(403);
});

test("a deactivated account is told so", async () => {
  const carol = await home.register("carol");
  await home.authenticated("POST", "/v3/account/deactivate", passwordOf("carol"), { token: carol.access_token });
  const again = await home.authenticated("POST", "/v3/account/deactivate", passwordOf("carol"));
  expect(again).toMatchObject({ status: 401, body: { errcode: "M_USER_DEACTIVATED" } });
});

test("failures count together with those at login, for as long as the limit says", async () => {
  const dave = await home.register("dave");
  const devices = (auth: object) => home.authenticated("POST", path, auth, { token: dave.access_token, body });
  for (let i = 0; i < 3; i++) await devices(passwordOf("dave", `guess ${i}`));
  for (let i = 0; i < 2; i++) await home.login("dave", { password: `guess ${i}` });
  const limited = await devices(passwordOf("dave"));
  expect(limited).toMatchObject({ status: 429, body: { errcode: "M_LIMIT_EXCEEDED" } });
  expect(limited.body.retry_after_ms).toBeGreaterThan(0);
  expect((await home.login("dave")).status).toBe(429);
  home.clock.advance(60_000);
  expect(await devices(passwordOf("dave"))).toMatchObject(authenticated);
});
