import type { components } from "@matrix-openapi/definitions/client-server";
import { MatrixError } from "@matrix-openapi/server";
import type { Database } from "../../storage/database.ts";
import { inBatches } from "../../storage/in-batches.ts";
import { equal } from "../../storage/equal.ts";
import type { DeviceRef } from "../devices/devices.ts";
import { isSame } from "./signed-objects.ts";

export type OneTimeKey = components["schemas"]["OneTimeKey"];

/** One key, or several, by ID. */
export type OneTimeKeys = Readonly<Record<string, OneTimeKey>>;

/** The part of a key's ID before the colon. */
export function algorithmOf(keyId: string): string {
  return keyId.slice(0, keyId.indexOf(":"));
}

/**
 * Adds keys to those that a device has; false where all of them were there. A key is told by its ID, so that a repeated
 * upload changes nothing, and one that would give an ID another meaning is refused.
 * https://spec.matrix.org/v1.19/client-server-api/#one-time-and-fallback-keys
 */
export async function addOneTimeKeys(db: Database, device: DeviceRef, keys: OneTimeKeys): Promise<boolean> {
  const all = Object.entries(keys).map(([keyId, key]) => ({ keyId, json: JSON.stringify(key) }));
  const held = await keysById(db, "hs_one_time_keys", device, Object.keys(keys));
  const claimed = await keysById(db, "hs_claimed_keys", device, Object.keys(keys));
  for (const { keyId, json } of all) {
    const other = held.get(keyId);
    if (other !== undefined && !isSame(other, json)) throw alreadyExists(keyId);
  }
  const added = all.filter(({ keyId, json }) => !held.has(keyId) && !isSame(claimed.get(keyId) ?? "null", json));
  if (added.length === 0) return false;
  const upload = (await lastUpload(db, device)) + 1;
  for (const { keyId, json } of added) {
    const row = { ...device, key_id: keyId, algorithm: algorithmOf(keyId), json, upload };
    await db.insertInto("hs_one_time_keys").values(row).execute();
  }
  return true;
}

/** How many keys nobody has claimed, by algorithm. Olm's is always there, because clients miss its 0 where it is not. */
export async function oneTimeKeyCounts(
  db: Database,
  userId: string,
  deviceId: string,
): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom("hs_one_time_keys")
    .select((get) => ["algorithm", get.fn.countAll<number | string>().as("total")])
    .where(equal({ user_id: userId, device_id: deviceId }))
    .groupBy("algorithm")
    .execute();
  return { signed_curve25519: 0, ...Object.fromEntries(rows.map((row) => [row.algorithm, Number(row.total)])) };
}

/** The oldest key that nobody has; from now on the caller's. Inside of a transaction, so that nobody else gets it. */
export async function claimOneTimeKey(
  db: Database,
  device: DeviceRef,
  algorithm: string,
): Promise<OneTimeKeys | undefined> {
  const row = await db
    .selectFrom("hs_one_time_keys")
    .select(["key_id", "json"])
    .where(equal({ ...device, algorithm }))
    .orderBy("upload")
    .orderBy("key_id")
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const key = { ...device, key_id: row.key_id };
  await db.deleteFrom("hs_one_time_keys").where(equal(key)).execute();
  await db
    .insertInto("hs_claimed_keys")
    .values({ ...key, json: row.json })
    .onConflict((conflict) => conflict.columns(["user_id", "device_id", "key_id"]).doUpdateSet({ json: row.json }))
    .execute();
  return { [row.key_id]: JSON.parse(row.json) as OneTimeKey }; // written by addOneTimeKeys
}

/** As JSON, by ID. */
async function keysById(
  db: Database,
  table: "hs_one_time_keys" | "hs_claimed_keys",
  device: DeviceRef,
  keyIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await inBatches(keyIds, (batch) =>
    db.selectFrom(table).select(["key_id", "json"]).where(equal(device)).where("key_id", "in", batch).execute(),
  );
  return new Map(rows.map((row) => [row.key_id, row.json]));
}

async function lastUpload(db: Database, device: DeviceRef): Promise<number> {
  const row = await db
    .selectFrom("hs_one_time_keys")
    .select((get) => get.fn.max("upload").as("upload"))
    .where(equal(device))
    .executeTakeFirst();
  return row?.upload ?? 0;
}

function alreadyExists(keyId: string): MatrixError {
  return new MatrixError(
    400,
    "M_UNKNOWN",
    `The one-time key ${keyId} already exists and is another key: give every new key an ID that the device has not used.`,
  );
}
