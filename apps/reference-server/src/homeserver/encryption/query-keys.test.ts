import { afterAll, expect, test } from "vitest";
import { startKeyServer } from "./fixtures/key-server.ts";

const home = await startKeyServer();
const alice = await home.register("alice");
const bob = await home.register("bob", { device_id: "PHONE", initial_device_display_name: "Bob's phone" });

afterAll(() => home[Symbol.asyncDispose]());

test("devices are shown as they were uploaded, with the names that they have now", async () => {
  expect((await home.query(alice, [bob.user_id])).device_keys).toEqual({ [bob.user_id]: {} });
  const { deviceKeys: phone } = await home.uploadKeys(bob);
  const { body: tablet } = await home.login("bob", { device_id: "TABLET" });
  const { deviceKeys: keysOfTablet } = await home.uploadKeys(tablet);
  const named = (device_display_name: string) => ({ ...phone, unsigned: { device_display_name } });
  const both = (name: string) => ({ [bob.user_id]: { PHONE: named(name), TABLET: keysOfTablet } });
  expect((await home.query(alice, [bob.user_id])).device_keys).toEqual(both("Bob's phone"));
  await home.call("PUT", "/v3/devices/PHONE", { token: bob.access_token, body: { display_name: "The old one" } });
  expect((await home.query(alice, [bob.user_id])).device_keys).toEqual(both("The old one"));
  const one = await home.query(alice, [bob.user_id], ["TABLET", "NOSUCH"]);
  expect(one.device_keys).toEqual({ [bob.user_id]: { TABLET: keysOfTablet } });
});

test("a device without keys, and users who do not exist, are left out; other servers cannot be reached", async () => {
  const nobody = bob.user_id.replace("bob", "nobody");
  expect(await home.query(bob, [alice.user_id, nobody, "@carol:elsewhere.example"])).toEqual({
    device_keys: { [alice.user_id]: {} },
    master_keys: {},
    self_signing_keys: {},
    user_signing_keys: {},
    failures: { "elsewhere.example": {} },
  });
});

test("who logs in again on a device has the keys that it had", async () => {
  const first = await home.register("carol", { device_id: "PHONE" });
  const { deviceKeys } = await home.uploadKeys(first);
  await home.login("carol", { device_id: "PHONE" });
  expect((await home.query(alice, [first.user_id])).device_keys[first.user_id]).toEqual({ PHONE: deviceKeys });
});
