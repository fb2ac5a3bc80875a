import type { Context } from "../context.ts";
import type { JsonObject } from "../json.ts";
import { isObject, member } from "../json.ts";
import { oncePerRun } from "../once-per-run.ts";
import type { Client } from "./client.ts";
import { aliceOf, needed } from "./client.ts";
import type { SigningKey } from "./signing.ts";
import { makeSigningKey } from "./signing.ts";

export interface Device {
  readonly client: Client;
  readonly key: SigningKey;
  readonly deviceKeys: JsonObject;
}

/** Gives a device its identity keys. */
export async function uploadDevice(client: Client, key = makeSigningKey()): Promise<Device> {
  const { userId: user_id, deviceId: device_id } = client;
  const unsigned = {
    user_id,
    device_id,
    algorithms: ["m.olm.v1.curve25519-aes-sha2", "m.megolm.v1.aes-sha2"],
    keys: { [`ed25519:${device_id}`]: key.publicKey, [`curve25519:${device_id}`]: makeSigningKey().publicKey },
  };
  const deviceKeys = key.sign(unsigned, user_id, device_id);
  await needed(client.post("/keys/upload", { device_keys: deviceKeys }));
  return { client, key, deviceKeys };
}

/** Alice's device with keys; uploading other keys for it a second time would be refused by careful servers. */
export const aliceDevice = oncePerRun(async (context: Context) => uploadDevice(await aliceOf(context)));

/** One-time keys, or a fallback key, by their IDs: `signed_curve25519:AAAA`. */
export function newKeys({ client, key }: Device, names: readonly string[], fallback = false): JsonObject {
  return Object.fromEntries(
    names.map((name) => {
      const bare = { key: makeSigningKey().publicKey, ...(fallback && { fallback: true }) };
      return [`signed_curve25519:${name}`, key.sign(bare, client.userId, client.deviceId)];
    }),
  );
}

/** The IDs of the keys claimed for a device. */
export async function claim(client: Client, device: Client): Promise<readonly string[]> {
  const wanted = { [device.userId]: { [device.deviceId]: "signed_curve25519" } };
  const answer = await needed(client.post("/keys/claim", { one_time_keys: wanted }));
  const keys = member(member(member(answer.json, "one_time_keys"), device.userId), device.deviceId);
  return isObject(keys) ? Object.keys(keys) : [];
}

/** What the server shows of a user: `device_keys`, `master_keys`, … of the answer of /keys/query. */
export async function query(client: Client, userId: string) {
  return needed(client.post("/keys/query", { device_keys: { [userId]: [] } }));
}
