import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addThreepid } from "../accounts/accounts.ts";
import { password, passwordOf, startHomeserver } from "../fixtures/homeserver.ts";
import type { Session, TestHomeserver } from "../fixtures/homeserver.ts";

let home: TestHomeserver;
let alice: Session;

beforeAll(async () => {
  home = await startHomeserver();
  alice = await home.register("alice");
  for (const [medium, address] of [
    ["email", "alice@example.org"],
    ["msisdn", "447700900123"],
  ] as const) {
    await addThreepid(home, alice.user_id, { medium, address, validatedAt: 1 });
  }
});

afterAll(() => home[Symbol.asyncDispose]());

const loginWith = (body: object) =>
  home.call("POST", "/v3/login", { body: { type: "m.login.password", password, ...body } });

describe("m.login.password", () => {
  test.each([
    ["the localpart", { identifier: { type: "m.id.user", user: "alice" } }],
    ["a capital in it", { identifier: { type: "m.id.user", user: "Alice" } }],
    ["the full user ID", { identifier: { type: "m.id.user", user: "@alice:localhost" } }],
    ["an email address", { identifier: { type: "m.id.thirdparty", medium: "email", address: "Alice@Example.org" } }],
    ["a phone number", { identifier: { type: "m.id.thirdparty", medium: "msisdn", address: "447700900123" } }],
    ["a phone number as dialled", { identifier: { type: "m.id.phone", country: "GB", phone: "07700 900123" } }],
    ["the deprecated user", { user: "alice" }],
    ["the deprecated medium and address", { medium: "email", address: "alice@example.org" }],
  ])("by %s", async (_name, body) => {
    const answer = await loginWith(body);
    expect(answer).toMatchObject({ status: 200, body: { user_id: "@alice:localhost" } });
    const owner = await home.call("GET", "/v3/account/whoami", { token: answer.body.access_token });
    expect(owner.body).toEqual({ user_id: "@alice:localhost", device_id: answer.body.device_id, is_guest: false });
  });

  test.each([
    ["nobody", { identifier: { type: "m.id.user", user: "nobody" } }],
    ["a user of another server", { identifier: { type: "m.id.user", user: "@alice:elsewhere.org" } }],
    ["an address of nobody", { identifier: { type: "m.id.thirdparty", medium: "email", address: "bob@example.org" } }],
    ["an address that is none", { identifier: { type: "m.id.thirdparty", medium: "email", address: "bob" } }],
    ["a number that is none", { identifier: { type: "m.id.phone", country: "GB", phone: "12" } }],
    ["a wrong password", { identifier: { type: "m.id.user", user: "alice" }, password: "wrong" }],
  ])("refuses %s, all in the same words", async (_name, body) => {
    expect(await loginWith(body)).toMatchObject({
      status: 403,
      body: { errcode: "M_FORBIDDEN", error: "The user name or the password is wrong." },
    });
  });

  test("an identifier is required", async () => {
    expect(await loginWith({})).toMatchObject({ status: 400, body: { errcode: "M_BAD_JSON" } });
  });

  test("a guest and an account without a password cannot log in by one", async () => {
    const guest = (await home.call("POST", "/v3/register?kind=guest", { body: {} })).body;
    expect(await home.login(guest.user_id, { password: "" })).toMatchObject({ status: 403 });
    await home.register("nopassword", { password: undefined });
    expect(await home.login("nopassword", { password: "" })).toMatchObject({ status: 403 });
  });
});

test.each(["m.login.application_service", "m.login.unheard-of"])("%s is not offered", async (type) => {
  const body = { type, identifier: { type: "m.id.user", user: "alice" } };
  const offered = await home.call("GET", "/v3/login");
  expect(offered.body.flows).not.toContainEqual(expect.objectContaining({ type }));
  expect(await home.call("POST", "/v3/login", { body })).toMatchObject({ status: 400, body: { errcode: "M_UNKNOWN" } });
});

test("a device keeps its name when it is taken over, and loses its earlier tokens", async () => {
  const wish = { device_id: "PHONE", initial_device_display_name: "Phone", refresh_token: true };
  const first = (await home.login("alice", wish)).body;
  const second = (await home.login("alice", { ...wish, initial_device_display_name: "Other" })).body;
  expect(second.device_id).toBe("PHONE");
  expect(await home.call("GET", "/v3/account/whoami", { token: first.access_token })).toMatchObject({ status: 401 });
  const refreshed = await home.call("POST", "/v3/refresh", { body: { refresh_token: first.refresh_token } });
  expect(refreshed).toMatchObject({ status: 401, body: { errcode: "M_UNKNOWN_TOKEN" } });
  const device = await home.call("GET", "/v3/devices/PHONE", { token: second.access_token });
  expect(device.body.display_name).toBe("Phone");
});

test("a login token is good for one login, within its lifetime, and is asked for by password each time", async () => {
  const getToken = () =>
    home.authenticated("POST", "/v1/login/get_token", passwordOf("alice"), { token: alice.access_token });
  const spend = (token: string) => home.call("POST", "/v3/login", { body: { type: "m.login.token", token } });

  const unasked = await home.call("POST", "/v1/login/get_token", { token: alice.access_token, body: {} });
  expect(unasked).toMatchObject({ status: 401, body: { flows: [{ stages: ["m.login.password"] }] } });
  const { login_token: token, expires_in_ms: lifetime } = (await getToken()).body;
  expect(await spend(token)).toMatchObject({ status: 200, body: { user_id: "@alice:localhost" } });
  expect(await spend(token)).toMatchObject({ status: 403, body: { errcode: "M_FORBIDDEN" } });
  expect(await spend("mlt_unknown")).toMatchObject({ status: 403 });

  const again = await home.call("POST", "/v1/login/get_token", { token: alice.access_token, body: {} });
  expect(again.status).toBe(401);
  const late = (await getToken()).body.login_token;
  home.clock.advance(lifetime);
  expect(await spend(late)).toMatchObject({ status: 403 });
});
