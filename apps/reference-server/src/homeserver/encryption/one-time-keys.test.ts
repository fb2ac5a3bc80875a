import { afterAll, describe, expect, test } from "vitest";
import { verifySignedJson } from "../../crypto/signing-keys.ts";
import type { JsonObject } from "../../json.ts";
import type { Session } from "../fixtures/homeserver.ts";
import { unusedFallbackKeyTypes } from "./fallback-keys.ts";
import { createDevice } from "./fixtures/keys.ts";
import type { TestDevice } from "./fixtures/keys.ts";
import { oneTimeKeyCounts } from "./one-time-keys.ts";
import { startKeyServer } from "./fixtures/key-server.ts";

const home = await startKeyServer();
const alice = await home.register("alice", { device_id: "ALICE" });

afterAll(() => home[Symbol.asyncDispose]());

const ids = (count: number, prefix = "K") => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const upload = (user: Session, body: object) => home.post(user, "keys/upload", body);
const claim = (userId: string, deviceId: string, algorithm = "signed_curve25519", token = alice.access_token) =>
  home.call("POST", "/v3/keys/claim", { token, body: { one_time_keys: { [userId]: { [deviceId]: algorithm } } } });

/** The one key of the answer, by its ID; undefined where there is none. */
async function claimed(device: TestDevice): Promise<readonly [keyId: string, key: JsonObject] | undefined> {
  const { body } = await claim(device.userId, device.deviceId);
  const users = body["one_time_keys"] as Record<string, Record<string, Record<string, JsonObject>>>;
  return Object.entries(users[device.userId]?.[device.deviceId] ?? {})[0];
}

async function newUser(): Promise<{ session: Session; device: TestDevice }> {
  const session = await home.newUser();
  return { session, device: createDevice(session) };
}

describe("uploading keys", () => {
  test("counts the one-time keys that there are, by algorithm", async () => {
    const { session, device } = await newUser();
    const first = await upload(session, { device_keys: device.deviceKeys, one_time_keys: device.oneTimeKeys(ids(3)) });
    expect(first).toMatchObject({ status: 200, body: { one_time_key_counts: { signed_curve25519: 3 } } });
    const second = await upload(session, {
      one_time_keys: { "curve25519:A": "pOR/71TbMXPZL54E6oNaivf8Y6gj6IeNGEjm9ridblw" },
    });
    expect(second.body["one_time_key_counts"]).toEqual({ signed_curve25519: 3, curve25519: 1 });
    expect((await upload(session, {})).body["one_time_key_counts"]).toEqual({ signed_curve25519: 3, curve25519: 1 });
  });

  test("a repeated upload changes nothing, one under the same ID with another key is refused whole", async () => {
    const { session, device } = await newUser();
    const keys = device.oneTimeKeys(["A"]);
    for (let time = 0; time < 2; time++) {
      expect((await upload(session, { one_time_keys: keys })).body["one_time_key_counts"]).toEqual({
        signed_curve25519: 1,
      });
    }
    const other = { ...device.oneTimeKeys(["0", "A"]) };
    const refused = await upload(session, { one_time_keys: other });
    expect(refused).toMatchObject({ status: 400, body: { errcode: "M_UNKNOWN" } });
    expect(refused.body.error).toContain("signed_curve25519:A already exists");
    expect(await claimed(device)).toEqual(Object.entries(keys)[0]);
    expect(await claimed(device)).toBeUndefined();
  });

  test("a claimed key does not come back by the same upload", async () => {
    const { session, device } = await newUser();
    const keys = device.oneTimeKeys(["A"]);
    await upload(session, { one_time_keys: keys });
    await claimed(device);
    expect((await upload(session, { one_time_keys: keys })).body["one_time_key_counts"]).toEqual({
      signed_curve25519: 0,
    });
    expect(await claimed(device)).toBeUndefined();
  });

  test("an ID that was claimed may name another key, which is given out then", async () => {
    const { session, device } = await newUser();
    await upload(session, { one_time_keys: device.oneTimeKeys(["A"]) });
    await claimed(device);
    const next = device.oneTimeKeys(["A"]);
    await upload(session, { one_time_keys: next });
    expect(await claimed(device)).toEqual(Object.entries(next)[0]);
    await upload(session, { one_time_keys: next });
    expect(await claimed(device)).toBeUndefined();
  });

  test("only keys that are the device's own and signed by it are taken", async () => {
    const { session, device } = await newUser();
    const { device: another } = await newUser();
    const unsigned = { ...device.deviceKeys, algorithms: ["m.something.else"] };
    for (const device_keys of [
      another.deviceKeys,
      createDevice({ ...session, device_id: "TABLET" }).deviceKeys,
      unsigned,
    ]) {
      expect(await upload(session, { device_keys, one_time_keys: device.oneTimeKeys(["A"]) })).toMatchObject({
        status: 400,
        body: { errcode: "M_BAD_JSON" },
      });
    }
    expect(await claimed(device)).toBeUndefined();
  });
});

describe("claiming keys", () => {
  test("gives the keys in the order of their uploads, as they were signed", async () => {
    const { session, device } = await newUser();
    for (const id of ["Z", "M", "A"]) await upload(session, { one_time_keys: device.oneTimeKeys([id]) });
    for (const id of ["Z", "M", "A"]) {
      const [keyId, key] = (await claimed(device)) ?? ["none", {}];
      expect(keyId).toBe(`signed_curve25519:${id}`);
      expect(verifySignedJson(key, device.userId, device.key.keyId, device.key.publicKey)).toBe(true);
    }
    expect(await oneTimeKeyCounts(home.db, device.userId, "PHONE")).toEqual({ signed_curve25519: 0 });
  });

  test("each key goes to one of 50 who ask at the same time", async () => {
    const { session, device } = await newUser();
    await upload(session, { device_keys: device.deviceKeys, one_time_keys: device.oneTimeKeys(ids(10)) });
    const answers = await Promise.all(Array.from({ length: 50 }, () => claimed(device)));
    const got = answers.filter((key) => key !== undefined).map(([keyId]) => keyId);
    expect(got.toSorted()).toEqual(ids(10).map((id) => `signed_curve25519:${id}`));
  });

  test("then comes the fallback key, for everybody, and is used until there is another", async () => {
    const { session, device } = await newUser();
    const unused = () => unusedFallbackKeyTypes(home.db, device.userId, "PHONE");
    const fallback = device.fallbackKey("F");
    await upload(session, { one_time_keys: device.oneTimeKeys(["A"]), fallback_keys: fallback });
    expect((await claimed(device))?.[0]).toBe("signed_curve25519:A");
    expect(await unused()).toEqual(["signed_curve25519"]);
    expect(await claimed(device)).toEqual(Object.entries(fallback)[0]);
    expect(await claimed(device)).toEqual(Object.entries(fallback)[0]);
    expect(await unused()).toEqual([]);
    await upload(session, { fallback_keys: fallback });
    expect(await unused()).toEqual([]);
    await upload(session, { fallback_keys: device.fallbackKey("G") });
    expect(await unused()).toEqual(["signed_curve25519"]);
    expect((await claimed(device))?.[0]).toBe("signed_curve25519:G");
  });

  test("one fallback key for each algorithm", async () => {
    const { session, device } = await newUser();
    const fallback_keys = { ...device.fallbackKey("F"), ...device.fallbackKey("G") };
    expect(await upload(session, { fallback_keys })).toMatchObject({ status: 400, body: { errcode: "M_BAD_JSON" } });
    expect(await claimed(device)).toBeUndefined();
  });

  test("users, devices and algorithms without keys are left out; other servers cannot be reached", async () => {
    const { session, device } = await newUser();
    await upload(session, { one_time_keys: device.oneTimeKeys(["A"]) });
    const nothing = { status: 200, body: { one_time_keys: {}, failures: {} } };
    expect(await claim(device.userId, "NOSUCH")).toMatchObject(nothing);
    expect(await claim(device.userId, "PHONE", "m.other")).toMatchObject(nothing);
    expect(await claim(device.userId.replace("user", "nobody"), "PHONE")).toMatchObject(nothing);
    const { body } = await claim("@bob:elsewhere.example", "PHONE");
    expect(body).toEqual({ one_time_keys: {}, failures: { "elsewhere.example": {} } });
    expect((await claimed(device))?.[0]).toBe("signed_curve25519:A");
  });

  test("nothing is left of a device that is gone", async () => {
    const { session, device } = await newUser();
    await upload(session, { one_time_keys: device.oneTimeKeys(["A"]), fallback_keys: device.fallbackKey("F") });
    await home.call("POST", "/v3/logout", { token: session.access_token });
    expect(await claimed(device)).toBeUndefined();
    await home.login(session.user_id, { device_id: "PHONE" });
    expect(await claimed(device)).toBeUndefined();
  });
});

test("who logs out at the same moment is told so, and leaves nothing behind", async () => {
  const { session, device } = await newUser();
  const { access_token: token } = session;
  const requests = Array.from({ length: 20 }, (_, index) => [
    upload(session, { device_keys: device.deviceKeys, one_time_keys: device.oneTimeKeys([String(index)]) }),
    home.call("PUT", `/v3/sendToDevice/m.test/${index}`, { token, body: { messages: {} } }),
    ...(index === 10 ? [home.call("POST", "/v3/logout", { token })] : []),
  ]).flat();
  const statuses = new Set((await Promise.all(requests)).map(({ status }) => status));
  expect([200, 401]).toEqual(expect.arrayContaining([...statuses]));
  expect(await claimed(device)).toBeUndefined();
});

test("the stream tells a device that its keys were claimed, and nobody of an upload that was refused", async () => {
  const { session, device } = await newUser();
  const entries = () =>
    home.db
      .selectFrom("hs_stream")
      .select(["kind", "user_id", "device_id"])
      .where("user_id", "=", device.userId)
      .orderBy("position")
      .execute();
  const keys = { kind: "device_keys", user_id: device.userId, device_id: "PHONE" };
  const list = { kind: "device_list", user_id: device.userId, device_id: null };
  const body = { device_keys: device.deviceKeys, one_time_keys: device.oneTimeKeys(["A"]) };
  await upload(session, body);
  await upload(session, body);
  expect(await entries()).toEqual([list, keys]);
  await upload(session, { one_time_keys: device.oneTimeKeys(["A"]) });
  expect(await entries()).toEqual([list, keys]);
  await claimed(device);
  expect(await entries()).toEqual([list, keys, keys]);
});
