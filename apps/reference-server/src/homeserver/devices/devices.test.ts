import { afterAll, expect, test } from "vitest";
import { passwordOf, startHomeserver } from "../fixtures/homeserver.ts";
import type { Session } from "../fixtures/homeserver.ts";

const home = await startHomeserver();
const alice = await home.register("alice", { device_id: "ALICE" });
const bob = await home.register("bob", { device_id: "BOB" });

afterAll(() => home[Symbol.asyncDispose]());

const asAlice = (method: string, path: string, body?: object) =>
  home.call(method, path, { token: alice.access_token, ...(body !== undefined && { body }) });
const confirmed = (method: string, path: string, body: object = {}) =>
  home.authenticated(method, path, passwordOf("alice"), { token: alice.access_token, body });
const anotherDevice = async (device_id: string): Promise<Session> => (await home.login("alice", { device_id })).body;
const whoami = async (token: string) => (await home.call("GET", "/v3/account/whoami", { token })).status;

test("a user sees and names their own devices", async () => {
  await anotherDevice("NAMED");
  expect((await asAlice("PUT", "/v3/devices/NAMED", { display_name: "A phone" })).body).toEqual({});
  expect((await asAlice("PUT", "/v3/devices/NAMED", {})).body).toEqual({});
  expect((await asAlice("GET", "/v3/devices/NAMED")).body).toEqual({ device_id: "NAMED", display_name: "A phone" });
  const { devices } = (await asAlice("GET", "/v3/devices")).body;
  expect(devices).toContainEqual({ device_id: "NAMED", display_name: "A phone" });
  expect(devices).toContainEqual({
    device_id: "ALICE",
    last_seen_ip: "127.0.0.1",
    last_seen_ts: expect.any(Number) as number,
  });
});

test("and nobody else's", async () => {
  const unknown = { status: 404, body: { errcode: "M_NOT_FOUND" } };
  for (const device of ["BOB", "NOSUCH"]) {
    expect(await asAlice("GET", `/v3/devices/${device}`)).toMatchObject(unknown);
    expect(await asAlice("PUT", `/v3/devices/${device}`, { display_name: "x" })).toMatchObject(unknown);
    expect(await asAlice("PUT", `/v3/devices/${device}`, {})).toMatchObject(unknown);
  }
  expect((await asAlice("GET", "/v3/devices")).text).not.toContain("BOB");
});

test("deleting asks for the password, ends the device's session and can be repeated", async () => {
  const other = await anotherDevice("OTHER");
  expect(await asAlice("DELETE", "/v3/devices/OTHER", {})).toMatchObject({
    status: 401,
    body: { flows: [{ stages: ["m.login.password"] }] },
  });
  expect(await whoami(other.access_token)).toBe(200);
  for (let time = 0; time < 2; time++) {
    expect(await confirmed("DELETE", "/v3/devices/OTHER")).toMatchObject({ status: 200, body: {} });
  }
  expect(await whoami(other.access_token)).toBe(401);
});

test("a wrong password deletes nothing, the right one then does, in the same session", async () => {
  const other = await anotherDevice("RETRY");
  const { session } = (await asAlice("DELETE", "/v3/devices/RETRY", {})).body;
  const attempt = (given: string) =>
    asAlice("DELETE", "/v3/devices/RETRY", { auth: { ...passwordOf("alice", given), session } });
  expect(await attempt("wrong")).toMatchObject({ status: 401, body: { errcode: "M_FORBIDDEN", session } });
  expect(await whoami(other.access_token)).toBe(200);
  expect((await attempt(passwordOf("alice").password)).status).toBe(200);
  expect(await whoami(other.access_token)).toBe(401);
});

test("a session for one device does not delete another", async () => {
  const [one, two] = [await anotherDevice("ONE"), await anotherDevice("TWO")];
  const { session } = (await asAlice("DELETE", "/v3/devices/ONE", {})).body;
  const auth = { ...passwordOf("alice"), session };
  expect(await asAlice("DELETE", "/v3/devices/TWO", { auth })).toMatchObject({ status: 403 });
  for (const { access_token } of [one, two]) expect(await whoami(access_token)).toBe(200);
});

test("several go at once, whether they exist or not; others' never", async () => {
  const several = [await anotherDevice("A"), await anotherDevice("B")];
  const devices = ["A", "B", "B", "NOSUCH", "BOB"];
  expect(await confirmed("POST", "/v3/delete_devices", { devices })).toMatchObject({ status: 200, body: {} });
  for (const { access_token } of several) expect(await whoami(access_token)).toBe(401);
  expect(await whoami(bob.access_token)).toBe(200);
});

test("a body may name more devices than SQL takes values", async () => {
  const devices = Array.from({ length: 40_000 }, (_, index) => `D${index}`);
  expect((await confirmed("POST", "/v3/delete_devices", { devices })).status).toBe(200);
});

test("last_seen is written at most once a minute", async () => {
  const seen = async () =>
    (
      await home.db
        .selectFrom("hs_devices")
        .select("last_seen_at")
        .where("device_id", "=", "BOB")
        .executeTakeFirstOrThrow()
    ).last_seen_at;
  await whoami(bob.access_token);
  const first = await seen();
  home.clock.advance(59_999);
  await whoami(bob.access_token);
  expect(await seen()).toBe(first);
  home.clock.advance(1);
  await whoami(bob.access_token);
  expect(await seen()).toBe(home.clock.now());
});
