import { afterAll, describe, expect, test } from "vitest";
import { password, startHomeserver } from "../fixtures/homeserver.ts";

const dummy = { type: "m.login.dummy" };

const home = await startHomeserver({ passwordPolicy: { requireDigit: true, minimumLength: 10 } });

afterAll(() => home[Symbol.asyncDispose]());

const strong = `${password} 1`;
const register = (body: object) => home.authenticated("POST", "/v3/register", dummy, { body });
const challenge = (body: object) => home.call("POST", "/v3/register", { body });
const whoami = (token: string) => home.call("GET", "/v3/account/whoami", { token });

test("a user is asked, then has an account and a session", async () => {
  const asked = await challenge({ username: "alice", password: strong });
  expect(asked).toMatchObject({ status: 401, body: { flows: [{ stages: ["m.login.dummy"] }] } });
  const answer = await register({
    username: "alice",
    password: strong,
    device_id: "PHONE",
    initial_device_display_name: "Alice's phone",
    refresh_token: true,
  });
  expect(answer).toMatchObject({ status: 200, body: { user_id: "@alice:localhost", device_id: "PHONE" } });
  expect(answer.body.refresh_token).toMatch(/^mrt_/);
  const device = await home.call("GET", "/v3/devices/PHONE", { token: answer.body.access_token });
  expect(device.body.display_name).toBe("Alice's phone");
  expect((await home.login("alice", { password: strong })).status).toBe(200);
});

test("inhibit_login makes an account without a session", async () => {
  const answer = await register({ username: "quiet", password: strong, inhibit_login: true });
  expect(answer).toMatchObject({ status: 200, body: { user_id: "@quiet:localhost" } });
  expect(Object.keys(answer.body)).toEqual(["user_id"]);
  expect((await home.login("quiet", { password: strong })).status).toBe(200);
});

test("without a username the server makes one up, the same for a repeated request", async () => {
  const { session } = (await challenge({ password: strong })).body;
  const final = { password: strong, auth: { ...dummy, session } };
  const first = await challenge(final);
  expect(first.body.user_id).toMatch(/^@[a-z]+:localhost$/);
  expect((await challenge(final)).body).toEqual(first.body);
  expect((await register({ password: strong })).body.user_id).not.toBe(first.body.user_id);
});

const available = (username: string) =>
  home.call("GET", `/v3/register/available?username=${encodeURIComponent(username)}`);

describe("user names", () => {
  test.each(["", "Alice", "a b", "ü", "a:b", "@a", "a\u0000", "a".repeat(245)])("%j is not valid", async (username) => {
    const refused = { status: 400, body: { errcode: "M_INVALID_USERNAME" } };
    expect(await challenge({ username, password: strong })).toMatchObject(refused);
    expect(await available(username)).toMatchObject(refused);
  });

  test.each(["a.b_c=d-e/f+g", "0", "a".repeat(244)])("%j is", async (username) => {
    expect(await available(username)).toMatchObject({ status: 200, body: { available: true } });
    expect((await register({ username, password: strong })).body.user_id).toBe(`@${username}:localhost`);
    expect(await available(username)).toMatchObject({ status: 400, body: { errcode: "M_USER_IN_USE" } });
  });

  test("a taken one is told before authentication", async () => {
    await register({ username: "taken", password: strong });
    expect(await challenge({ username: "taken", password: strong })).toMatchObject({
      status: 400,
      body: { errcode: "M_USER_IN_USE" },
    });
  });

  test("and one that is taken meanwhile, at the end; another name then needs no new authentication", async () => {
    const { session } = (await challenge({ username: "race", password: strong })).body;
    const [one, two] = await Promise.all([
      challenge({ username: "race", password: strong, auth: { ...dummy, session } }),
      register({ username: "race", password: strong }),
    ]);
    expect([one.status, two.status].toSorted()).toEqual([200, 400]);
    const loser = one.status === 400 ? one : two;
    expect(loser.body.errcode).toBe("M_USER_IN_USE");
  });

  test("after that failure the same session registers another name", async () => {
    const { session } = (await challenge({ username: "wanted", password: strong })).body;
    const auth = { ...dummy, session };
    await register({ username: "wanted", password: strong });
    expect((await challenge({ username: "wanted", password: strong, auth })).body.errcode).toBe("M_USER_IN_USE");
    expect((await challenge({ username: "instead", password: strong, auth })).body.user_id).toBe("@instead:localhost");
  });
});

test.each(["short 1", "long enough without"])("%j is too weak", async (weak) => {
  expect(await challenge({ username: "weak", password: weak })).toMatchObject({
    status: 400,
    body: { errcode: "M_WEAK_PASSWORD", error: expect.stringContaining("at least") as string },
  });
});

const registerGuest = async (body: object = {}) => home.call("POST", "/v3/register?kind=guest", { body });

describe("guests", () => {
  test("are asked for nothing, and decide about nothing but the device's name", async () => {
    const answer = await registerGuest({
      username: "alice",
      password: "x",
      device_id: "MINE",
      refresh_token: true,
      inhibit_login: true,
      initial_device_display_name: "A browser",
    });
    expect(answer.status).toBe(200);
    expect(answer.body.user_id).not.toBe("@alice:localhost");
    expect(answer.body.device_id).not.toBe("MINE");
    expect(answer.body).not.toHaveProperty("refresh_token");
    const { access_token: token, device_id: deviceId } = answer.body;
    expect((await whoami(token)).body).toMatchObject({ is_guest: true });
    expect((await home.call("GET", `/v3/devices/${deviceId}`, { token })).body.display_name).toBe("A browser");
  });

  test("may not do what users may", async () => {
    const { access_token: token } = (await registerGuest()).body;
    expect(await home.call("GET", "/v3/capabilities", { token })).toMatchObject({
      status: 403,
      body: { errcode: "M_GUEST_ACCESS_FORBIDDEN" },
    });
  });

  test("nor where a token is optional, but they may ask for the versions", async () => {
    const { access_token: token } = (await registerGuest()).body;
    for (const [path, body] of [
      ["/v3/account/password", { new_password: strong }],
      ["/v3/account/deactivate", {}],
    ] as const) {
      expect(await home.call("POST", path, { token, body })).toMatchObject({
        status: 403,
        body: { errcode: "M_GUEST_ACCESS_FORBIDDEN" },
      });
    }
    expect((await home.call("GET", "/versions", { token })).status).toBe(200);
  });

  test("become users under their own name", async () => {
    const guest = (await registerGuest()).body;
    const username = guest.user_id.slice(1).split(":")[0] ?? "";
    const upgrade = { username, password: strong, guest_access_token: guest.access_token };
    const { session } = (await challenge(upgrade)).body;
    const final = { ...upgrade, auth: { ...dummy, session } };
    const user = await challenge(final);
    expect(user.body.user_id).toBe(guest.user_id);
    expect((await challenge(final)).body).toEqual(user.body);
    expect((await whoami(user.body.access_token)).body).toMatchObject({ is_guest: false });
    expect((await whoami(guest.access_token)).status).toBe(401);
    expect((await home.login(username, { password: strong })).status).toBe(200);
  });

  test("become nobody else, and users nobody at all", async () => {
    const guest = (await registerGuest()).body;
    const forbidden = { status: 403, body: { errcode: "M_FORBIDDEN" } };
    const other = { username: "other", password: strong, guest_access_token: guest.access_token };
    expect(await challenge(other)).toMatchObject(forbidden);
    const user = (await register({ username: "user", password: strong })).body;
    expect(await challenge({ ...other, username: "user", guest_access_token: user.access_token })).toMatchObject(
      forbidden,
    );
  });
});

test("application services are not known here", async () => {
  const body = { type: "m.login.application_service", username: "_irc_bob" };
  expect(await challenge(body)).toMatchObject({ status: 401, body: { errcode: "M_MISSING_TOKEN" } });
});

test("a server without registration or guests says so, and knows no registration token", async () => {
  await using closed = await startHomeserver({ registration: { enabled: false, guests: false } });
  for (const path of [
    "POST /v3/register",
    "POST /v3/register?kind=guest",
    "GET /v1/register/m.login.registration_token/validity?token=x",
  ]) {
    const [method = "", target = ""] = path.split(" ");
    const answer = await closed.call(method, target, method === "POST" ? { body: {} } : {});
    expect(answer).toMatchObject({ status: 403, body: { errcode: "M_FORBIDDEN" } });
  }
});

test("accounts from one address are limited", async () => {
  await using limited = await startHomeserver({ rateLimits: { registration: { requests: 2, perMs: 60_000 } } });
  await limited.register("one");
  await limited.call("POST", "/v3/register?kind=guest", { body: {} });
  const { session } = (await limited.call("POST", "/v3/register", { body: { username: "three" } })).body;
  const final = { username: "three", auth: { ...dummy, session } };
  const refused = await limited.call("POST", "/v3/register", { body: final });
  expect(refused).toMatchObject({ status: 429, body: { errcode: "M_LIMIT_EXCEEDED" } });
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  limited.clock.advance(60_000);
  expect((await limited.call("POST", "/v3/register", { body: final })).status).toBe(200);
});
