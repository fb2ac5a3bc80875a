// Rules about the keys of end-to-end encryption: https://spec.matrix.org/v1.19/client-server-api/#end-to-end-encryption

import { sameJson } from "../canonical-json.ts";
import type { Context } from "../context.ts";
import { logIn } from "../accounts.ts";
import { isObject, member } from "../json.ts";
import { fail, NotOffered, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { readChallenge } from "../user-interactive-auth/challenge.ts";
import { walkFlow } from "../user-interactive-auth/solver.ts";
import { stageSolvers } from "../user-interactive-auth/stage-solvers.ts";
import { aliceOf, bobOf, clientOf, isRefused, needed } from "./client.ts";
import type { Device } from "./device-keys.ts";
import { aliceDevice, claim, newKeys, query, uploadDevice } from "./device-keys.ts";
import { difference } from "./room.ts";
import { makeSigningKey } from "./signing.ts";
import { syncOf } from "./synced.ts";

export const deviceKeysAreShown: Rule = {
  id: "cs-42",
  title: "A device's keys are shown to others as they were signed, and nobody uploads another's",
  level: "must",
  specUrl: clientServerSpec("post_matrixclientv3keysquery"),
  reason: "Whoever encrypts verifies the signature; a changed member breaks it.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { client: alice, deviceKeys } = await aliceDevice(context);
    const bob = await bobOf(context);
    const answer = await query(bob, alice.userId);
    const shown = member(member(member(answer.json, "device_keys"), alice.userId), alice.deviceId);
    const { unsigned: _unsigned, ...bare } = isObject(shown) ? shown : {};
    if (!sameJson(bare, deviceKeys)) return fail(answer, `the keys of ${alice.deviceId} as they were uploaded`);
    const forged = await bob.post("/keys/upload", { device_keys: deviceKeys });
    if (forged.status < 400) return fail(forged, "a refusal of another user's device keys");
    return pass();
  },
};

export const oneTimeKeysAreClaimedOnce: Rule = {
  id: "cs-43",
  title: "A one-time key is given to one claimer, also where many ask at once",
  level: "must",
  specUrl: clientServerSpec("one-time-and-fallback-keys"),
  reason: "A key used twice loses what makes it one-time: neither session is secret any more.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const device = await newDevice(context);
    const bob = await bobOf(context);
    const names = ["AAAAAA", "AAAAAB", "AAAAAC", "AAAAAD", "AAAAAE"];
    await needed(device.client.post("/keys/upload", { one_time_keys: newKeys(device, names) }));
    const claimed = (await Promise.all(Array.from({ length: 10 }, () => claim(bob, device.client)))).flat();
    await device.client.post("/logout");
    const wrong = difference(
      claimed.toSorted(),
      names.map((name) => `signed_curve25519:${name}`),
    );
    return wrong === undefined ? pass() : fail(null, "five keys for ten claims, each once", wrong);
  },
};

export const fallbackKeyIsLast: Rule = {
  id: "cs-44",
  title: "Without one-time keys the fallback key is given, again and again, and its device told",
  level: "must",
  specUrl: clientServerSpec("one-time-and-fallback-keys"),
  reason: "A device that has been offline for long can still be written to.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const device = await newDevice(context);
    const bob = await bobOf(context);
    const one_time_keys = newKeys(device, ["AAAAAA"]);
    const fallback_keys = newKeys(device, ["FALLBK"], true);
    await needed(device.client.post("/keys/upload", { one_time_keys, fallback_keys }));
    const unused = async () => {
      const { answer } = await syncOf(device.client);
      const types = member(answer.json, "device_unused_fallback_key_types");
      return { answer, isUnused: Array.isArray(types) && types.includes("signed_curve25519") };
    };
    const before = await unused();
    if (!before.isUnused) return fail(before.answer, "signed_curve25519 in `device_unused_fallback_key_types`");
    const claimed: string[] = [];
    for (let turn = 0; turn < 3; turn += 1) claimed.push(...(await claim(bob, device.client)));
    const wanted = "signed_curve25519:AAAAAA,signed_curve25519:FALLBK,signed_curve25519:FALLBK";
    if (claimed.join() !== wanted) return fail(null, wanted, claimed.join() || "no keys");
    const after = await unused();
    await device.client.post("/logout");
    return after.isUnused ? fail(after.answer, "no unused fallback key once it was given out") : pass();
  },
};

export const signaturesAreShown: Rule = {
  id: "cs-45",
  title: "Cross-signing keys and signatures are shown to those who may see them",
  level: "must",
  specUrl: clientServerSpec("cross-signing"),
  reason: "By them a user who is verified once has all devices verified.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const account = await context.accounts.bob();
    const [alice, bob] = [await aliceOf(context), clientOf(context, account)];
    const { deviceKeys } = await uploadDevice(bob);
    const [master, selfSigning, userSigning] = [makeSigningKey(), makeSigningKey(), makeSigningKey()];
    const keyOf = (usage: string, { publicKey }: { publicKey: string }) => ({
      user_id: bob.userId,
      usage: [usage],
      keys: { [`ed25519:${publicKey}`]: publicKey },
    });
    const byMaster = (key: object) => master.sign({ ...key }, bob.userId, master.publicKey);
    const keys = {
      master_key: keyOf("master", master),
      self_signing_key: byMaster(keyOf("self_signing", selfSigning)),
      user_signing_key: byMaster(keyOf("user_signing", userSigning)),
    };
    // Replacing keys, as those of an account that was given to the run, takes authentication.
    const { last } = await walkFlow(
      (auth) => bob.post("/keys/device_signing/upload", { ...keys, ...(auth && { auth }) }),
      stageSolvers(context, { account }),
    );
    if (readChallenge(last) !== null) throw new NotOffered("the cross-signing keys cannot be uploaded here");
    await needed(Promise.resolve(last));
    const signed = selfSigning.sign(deviceKeys, bob.userId, selfSigning.publicKey);
    const uploaded = await needed(bob.post("/keys/signatures/upload", { [bob.userId]: { [bob.deviceId]: signed } }));
    const failures = member(uploaded.json, "failures");
    if (isObject(failures) && Object.keys(failures).length > 0) return fail(uploaded, "no `failures`");
    const shown = await query(alice, bob.userId);
    const masters = member(member(shown.json, "master_keys"), bob.userId);
    if (member(member(masters, "keys"), `ed25519:${master.publicKey}`) === undefined)
      return fail(shown, "bob's master key for alice");
    const device = member(member(member(shown.json, "device_keys"), bob.userId), bob.deviceId);
    const signatures = member(member(device, "signatures"), bob.userId);
    if (member(signatures, `ed25519:${selfSigning.publicKey}`) === undefined)
      return fail(shown, "the signature of bob's self-signing key at his device");
    if (member(member(shown.json, "user_signing_keys"), bob.userId) !== undefined)
      return fail(shown, "no user-signing key for another user");
    return pass();
  },
};

export const deviceListsAreTold: Rule = {
  id: "cs-46",
  title: "New keys of somebody who shares an encrypted room are told by `device_lists`",
  level: "must",
  specUrl: clientServerSpec("tracking-the-device-list-for-a-user"),
  reason: "A message encrypted for yesterday's devices cannot be read on today's.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const [alice, bob] = [await aliceOf(context), await bobOf(context)];
    const content = { algorithm: "m.megolm.v1.aes-sha2" };
    const room = await needed(
      alice.post("/createRoom", {
        preset: "public_chat",
        initial_state: [{ type: "m.room.encryption", state_key: "", content }],
      }),
    );
    await needed(bob.post(`/rooms/${encodeURIComponent(String(member(room.json, "room_id")))}/join`));
    const { next } = await syncOf(bob);
    const second = clientOf(context, await logIn(context, await context.accounts.alice()));
    await uploadDevice(second);
    const { answer } = await syncOf(bob, { since: next });
    await second.post("/logout");
    const changed = member(member(answer.json, "device_lists"), "changed");
    if (!Array.isArray(changed) || !changed.includes(alice.userId))
      return fail(answer, `${alice.userId} in \`device_lists.changed\``);
    return pass();
  },
};

export const backupReplacesByRule: Rule = {
  id: "cs-47",
  title: "A key backup keeps the better of two keys",
  level: "must",
  specUrl: clientServerSpec("backup-algorithm-mmegolm_backupv1curve25519-aes-sha2"),
  reason: "A key verified, from earlier on, or forwarded less often opens more; a worse one must not replace it.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const backup = await createBackup(alice);
    const url = `/room_keys/keys/${encodeURIComponent("!contract:example.org")}/session`;
    const put = (key: object) => alice.put(url, { ...key, session_data }, { query: { version: backup } });
    const [worse, better] = [backupKeys.worse, backupKeys.better];
    await needed(put(worse));
    for (const key of [better, worse, backupKeys.forwarded, backupKeys.later]) await needed(put(key));
    const answer = await needed(alice.get(url, { version: backup }));
    await alice.delete(`/room_keys/version/${backup}`);
    const found = [member(answer.json, "is_verified"), member(answer.json, "first_message_index")].join();
    return found === "true,2" ? pass() : fail(answer, "the verified key with the lowest index");
  },
};

/** What the device has encrypted is nothing to the server; it has the form of something encrypted. */
export const session_data = { ephemeral: makeSigningKey().publicKey, ciphertext: "Y2lwaGVydGV4dA", mac: "bWFjIG1hYyE" };

const backupKeys = {
  worse: { first_message_index: 0, forwarded_count: 0, is_verified: false },
  better: { first_message_index: 2, forwarded_count: 1, is_verified: true },
  forwarded: { first_message_index: 2, forwarded_count: 3, is_verified: true },
  later: { first_message_index: 5, forwarded_count: 0, is_verified: true },
};

export const oldBackupIsClosed: Rule = {
  id: "cs-48",
  title: "Keys are uploaded to the newest backup only",
  level: "must",
  specUrl: clientServerSpec("put_matrixclientv3room_keyskeys"),
  reason: "A device that does not know of the new backup learns of it by M_WRONG_ROOM_KEYS_VERSION.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const [old, current] = [await createBackup(alice), await createBackup(alice)];
    const answer = await alice.put("/room_keys/keys", { rooms: {} }, { query: { version: old } });
    for (const version of [current, old]) await alice.delete(`/room_keys/version/${version}`);
    if (!isRefused(answer, 403, "M_WRONG_ROOM_KEYS_VERSION") || member(answer.json, "current_version") !== current)
      return fail(answer, `403 M_WRONG_ROOM_KEYS_VERSION with ${current} as \`current_version\``);
    return pass();
  },
};

export async function createBackup(client: Awaited<ReturnType<typeof aliceOf>>): Promise<string> {
  const answer = await needed(
    client.post("/room_keys/version", {
      algorithm: "m.megolm_backup.v1.curve25519-aes-sha2",
      auth_data: { public_key: makeSigningKey().publicKey, signatures: {} },
    }),
  );
  return String(member(answer.json, "version"));
}

async function newDevice(context: Context): Promise<Device> {
  return uploadDevice(clientOf(context, await logIn(context, await context.accounts.alice())));
}
