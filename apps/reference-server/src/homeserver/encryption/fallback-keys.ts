import { MatrixError } from "@matrix-openapi/server";
import type { Database } from "../../storage/database.ts";
import { equal } from "../../storage/equal.ts";
import type { DeviceRef } from "../devices/devices.ts";
import { algorithmOf } from "./one-time-keys.ts";
import type { OneTimeKey, OneTimeKeys } from "./one-time-keys.ts";
import { isSame } from "./signed-objects.ts";

/** Puts each key in the place of the device's earlier one; the same key once more does not count as unused again. */
export async function replaceFallbackKeys(db: Database, device: DeviceRef, keys: OneTimeKeys): Promise<boolean> {
  let isChanged = false;
  const algorithms = new Set<string>();
  for (const [keyId, key] of Object.entries(keys)) {
    const algorithm = algorithmOf(keyId);
    if (algorithms.has(algorithm)) {
      throw new MatrixError(400, "M_BAD_JSON", `fallback_keys has several keys for ${algorithm}: send one only.`);
    }
    algorithms.add(algorithm);
    const values = { key_id: keyId, json: JSON.stringify(key), used: 0 as const };
    const stored = await findFallbackKey(db, { ...device, algorithm });
    if (stored !== undefined && stored.key_id === keyId && isSame(stored.json, values.json)) continue;
    isChanged = true;
    await db
      .insertInto("hs_fallback_keys")
      .values({ ...device, algorithm, ...values })
      .onConflict((conflict) => conflict.columns(["user_id", "device_id", "algorithm"]).doUpdateSet(values))
      .execute();
  }
  return isChanged;
}

/** The algorithms of the fallback keys that nobody has got yet. */
export async function unusedFallbackKeyTypes(db: Database, userId: string, deviceId: string): Promise<string[]> {
  const rows = await db
    .selectFrom("hs_fallback_keys")
    .select("algorithm")
    .where(equal({ user_id: userId, device_id: deviceId, used: 0 }))
    .orderBy("algorithm")
    .execute();
  return rows.map((row) => row.algorithm);
}

/** The key that is given out for want of one-time keys, as often as it takes; its device is told that it was. */
export async function useFallbackKey(
  db: Database,
  device: DeviceRef,
  algorithm: string,
): Promise<OneTimeKeys | undefined> {
  const key = { ...device, algorithm };
  const row = await findFallbackKey(db, key);
  if (row === undefined) return undefined;
  if (row.used === 0) await db.updateTable("hs_fallback_keys").set({ used: 1 }).where(equal(key)).execute();
  return { [row.key_id]: JSON.parse(row.json) as OneTimeKey }; // written by replaceFallbackKeys
}

function findFallbackKey(db: Database, key: DeviceRef & { readonly algorithm: string }) {
  return db.selectFrom("hs_fallback_keys").select(["key_id", "json", "used"]).where(equal(key)).executeTakeFirst();
}
