import { afterAll, beforeEach, expect, test } from "vitest";
import { passwordOf } from "../fixtures/homeserver.ts";
import type { Session } from "../fixtures/homeserver.ts";
import type { JsonObject } from "../../json.ts";
import { createDevice, createIdentity, signedAlone } from "./fixtures/keys.ts";
import type { TestDevice, TestIdentity } from "./fixtures/keys.ts";
import { startKeyServer } from "./fixtures/key-server.ts";

interface User extends Session {
  readonly device: TestDevice;
  readonly identity: TestIdentity;
}

let alice: User;
let bob: User;
let carol: User;

const home = await startKeyServer();

afterAll(() => home[Symbol.asyncDispose]());

beforeEach(async () => {
  [alice, bob, carol] = [await newUser("alice"), await newUser("bob"), await newUser("carol")];
});

async function newUser(name: string): Promise<User> {
  const session = await home.newUser(name);
  const [device, identity] = [await home.uploadKeys(session), createIdentity(session.user_id)];
  await home.post(session, "keys/device_signing/upload", identity.body);
  return { ...session, device, identity };
}

async function sign(user: User, body: object): Promise<JsonObject> {
  const answer = await home.post(user, "keys/signatures/upload", body);
  expect(answer.status).toBe(200);
  return answer.body["failures"] as JsonObject;
}

const ownDevice = ({ user_id, device, identity }: User) => ({
  [user_id]: { PHONE: signedAlone(device.deviceKeys, user_id, identity.selfSigning) },
});
const masterOf = (owner: User, signer: User, key = signer.identity.userSigning) => ({
  [owner.user_id]: {
    [owner.identity.master.publicKey]: signedAlone(owner.identity.body.master_key, signer.user_id, key),
  },
});
const see = (viewer: User, { user_id }: User) => home.query(viewer, [user_id]);
const masterSignatures = async (viewer: User, owner: User) =>
  (await see(viewer, owner)).master_keys[owner.user_id]?.["signatures"];

test("the self-signing key's signature of a device is added to the device's own, for all to see", async () => {
  expect(await sign(alice, ownDevice(alice))).toEqual({});
  for (const viewer of [alice, bob]) {
    const seen = (await see(viewer, alice)).device_keys[alice.user_id]?.["PHONE"] ?? {};
    const keyIds = ["ed25519:PHONE", alice.identity.selfSigning.keyId];
    expect(seen["signatures"]).toEqual({
      [alice.user_id]: Object.fromEntries(keyIds.map((keyId) => [keyId, expect.any(String) as string])),
    });
    expect(seen).toMatchObject(ownDevice(alice)[alice.user_id]?.PHONE as object);
  }
});

test("a device's signature of the own master key is for all to see", async () => {
  expect(await sign(alice, masterOf(alice, alice, alice.device.key))).toEqual({});
  expect(await masterSignatures(bob, alice)).toEqual({
    [alice.user_id]: { "ed25519:PHONE": expect.any(String) as string },
  });
});

test("whom a user has verified, nobody else sees or hears of", async () => {
  expect(await sign(alice, masterOf(bob, alice))).toEqual({});
  const own = { [alice.user_id]: { [alice.identity.userSigning.keyId]: expect.any(String) as string } };
  expect(await masterSignatures(alice, bob)).toEqual(own);
  for (const viewer of [bob, carol]) expect(await masterSignatures(viewer, bob)).toBeUndefined();
  const last = await home.db
    .selectFrom("hs_stream")
    .selectAll()
    .orderBy("position", "desc")
    .limit(1)
    .executeTakeFirst();
  expect(last).toMatchObject({ kind: "device_list", user_id: bob.user_id, reference: alice.user_id });
});

test("each object fails by itself, and tells why", async () => {
  const forged = masterOf(bob, alice, carol.identity.userSigning);
  const renamed = { ...alice.device.deviceKeys, algorithms: [] };
  const failures = await sign(alice, {
    [alice.user_id]: {
      ...masterOf(alice, alice, alice.device.key)[alice.user_id],
      PHONE: signedAlone(renamed, alice.user_id, alice.identity.selfSigning),
      NOSUCH: signedAlone(
        { ...alice.device.deviceKeys, device_id: "NOSUCH" },
        alice.user_id,
        alice.identity.selfSigning,
      ),
    },
    ...forged,
    ...masterOf(carol, alice),
  });
  expect(failures).toMatchObject({
    [alice.user_id]: { PHONE: { errcode: "M_UNKNOWN" }, NOSUCH: { errcode: "M_NOT_FOUND" } },
    [bob.user_id]: { [bob.identity.master.publicKey]: { errcode: "M_INVALID_SIGNATURE" } },
  });
  expect(Object.keys(failures).toSorted()).toEqual([alice.user_id, bob.user_id].toSorted());
  expect(Object.keys(failures[alice.user_id] as object).toSorted()).toEqual(["NOSUCH", "PHONE"]);
  expect(await masterSignatures(alice, carol)).toBeDefined();
  expect(await masterSignatures(bob, alice)).toBeDefined();
  expect(await masterSignatures(alice, bob)).toBeUndefined();
});

test("a signature that does not verify is not taken, though its key would be the right one", async () => {
  const { PHONE } = ownDevice(alice)[alice.user_id] ?? {};
  const wrong = alice.identity.master.sign("something else");
  const forged = { ...PHONE, signatures: { [alice.user_id]: { [alice.identity.selfSigning.keyId]: wrong } } };
  expect(await sign(alice, { [alice.user_id]: { PHONE: forged } })).toMatchObject({
    [alice.user_id]: { PHONE: { errcode: "M_INVALID_SIGNATURE" } },
  });
});

test("devices and other keys of others cannot be signed, nor the own device by any other key", async () => {
  const ofDevice = {
    [bob.user_id]: { PHONE: signedAlone(bob.device.deviceKeys, alice.user_id, alice.identity.userSigning) },
  };
  expect(await sign(alice, ofDevice)).toMatchObject({ [bob.user_id]: { PHONE: { errcode: "M_NOT_FOUND" } } });
  const byMaster = { PHONE: signedAlone(alice.device.deviceKeys, alice.user_id, alice.identity.master) };
  expect(await sign(alice, { [alice.user_id]: byMaster })).toMatchObject({
    [alice.user_id]: { PHONE: { errcode: "M_INVALID_SIGNATURE" } },
  });
});

test("other keys have none of the signatures of those they replace", async () => {
  await sign(alice, ownDevice(alice));
  await sign(bob, masterOf(alice, bob));
  expect(await masterSignatures(bob, alice)).toBeDefined();
  const next = createIdentity(alice.user_id);
  const replaced = await home.authenticated("POST", "/v3/keys/device_signing/upload", passwordOf(alice.user_id), {
    token: alice.access_token,
    body: next.body,
  });
  expect(replaced.status).toBe(200);
  expect(await masterSignatures(bob, alice)).toBeUndefined();
  expect((await see(bob, alice)).device_keys[alice.user_id]?.["PHONE"]?.["signatures"]).toEqual(
    alice.device.deviceKeys["signatures"],
  );
  const stale = ownDevice(alice);
  expect(await sign(alice, stale)).toMatchObject({ [alice.user_id]: { PHONE: { errcode: "M_INVALID_SIGNATURE" } } });
});

test("a device that comes again has none of the signatures of its predecessor", async () => {
  await sign(alice, ownDevice(alice));
  await sign(alice, masterOf(alice, alice, alice.device.key));
  await home.call("POST", "/v3/logout", { token: alice.access_token });
  expect(await masterSignatures(bob, alice)).toBeUndefined();
  const { body: again } = await home.login(alice.user_id, { device_id: "PHONE" });
  const { deviceKeys } = createDevice(again);
  await home.call("POST", "/v3/keys/upload", { token: again.access_token, body: { device_keys: deviceKeys } });
  expect((await see(bob, alice)).device_keys[alice.user_id]).toEqual({ PHONE: deviceKeys });
});
