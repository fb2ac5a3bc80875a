import type { components } from "@matrix-openapi/definitions/client-server";
import { MatrixError } from "@matrix-openapi/server";
import type { Database } from "../../storage/database.ts";
import { equal } from "../../storage/equal.ts";
import { appendToStream } from "../../storage/stream.ts";
import { inBatches } from "../../storage/in-batches.ts";
import type { DeviceRef } from "../devices/devices.ts";
import { addSignatures, dropSignatures, dropSignaturesBy } from "./key-signatures.ts";
import { isSame, isSignedBy, signaturesOf, signedPart } from "./signed-objects.ts";

type DeviceKeys = components["schemas"]["DeviceKeys"];

/** The identity keys of a device, with the name that others see. */
export interface StoredDeviceKeys {
  readonly userId: string;
  readonly deviceId: string;
  readonly displayName: string | null;
  /** Without signatures. */
  readonly keys: Omit<DeviceKeys, "signatures">;
}

/** Throws what is answered where the keys are not the device's own: https://spec.matrix.org/v1.19/client-server-api/#uploading-keys */
export function checkDeviceKeys({ user_id: userId, device_id: deviceId }: DeviceRef, keys: DeviceKeys): void {
  if (keys.user_id !== userId || keys.device_id !== deviceId) {
    throw new MatrixError(
      400,
      "M_BAD_JSON",
      `device_keys is for the device ${keys.device_id} of ${keys.user_id}; the access token is for ${deviceId} of ${userId}.`,
    );
  }
  const keyId = `ed25519:${deviceId}`;
  const fingerprint = Object.hasOwn(keys.keys, keyId) ? keys.keys[keyId] : undefined;
  if (fingerprint === undefined || !isSignedBy(keys, userId, keyId, fingerprint)) {
    throw new MatrixError(400, "M_BAD_JSON", `device_keys must have a key ${keyId} and be signed by it.`);
  }
}

/** Others are told where the keys are new; what had been signed were others then. */
export async function storeDeviceKeys(db: Database, device: DeviceRef, keys: DeviceKeys): Promise<void> {
  const { user_id: userId, device_id: target } = device;
  const json = signedPart(keys);
  const stored = await db.selectFrom("hs_device_keys").select("json").where(equal(device)).executeTakeFirst();
  if (stored === undefined || !isSame(stored.json, json)) {
    await dropSignatures(db, { userId, target });
    await db
      .insertInto("hs_device_keys")
      .values({ ...device, json })
      .onConflict((conflict) => conflict.columns(["user_id", "device_id"]).doUpdateSet({ json }))
      .execute();
    appendToStream(db, { kind: "device_list", userId });
  }
  await addSignatures(db, { userId, target }, userId, signaturesOf(keys, userId));
}

export async function deviceKeysOf(db: Database, userIds: Iterable<string>): Promise<StoredDeviceKeys[]> {
  const rows = await inBatches(userIds, (batch) =>
    db
      .selectFrom("hs_device_keys as keys")
      .innerJoin("hs_devices as device", (join) =>
        join.onRef("device.user_id", "=", "keys.user_id").onRef("device.device_id", "=", "keys.device_id"),
      )
      .select(["keys.user_id", "keys.device_id", "keys.json", "device.display_name"])
      .where("keys.user_id", "in", batch)
      .execute(),
  );
  return rows.map((row) => ({
    userId: row.user_id,
    deviceId: row.device_id,
    displayName: row.display_name,
    keys: JSON.parse(row.json) as StoredDeviceKeys["keys"], // written by storeDeviceKeys
  }));
}

/** For when something about a device has changed that others see with its keys: tells them, if it has keys. */
export async function announceDevice(db: Database, userId: string, deviceId: string): Promise<void> {
  const keys = await db
    .selectFrom("hs_device_keys")
    .select("device_id")
    .where(equal({ user_id: userId, device_id: deviceId }))
    .executeTakeFirst();
  if (keys !== undefined) appendToStream(db, { kind: "device_list", userId });
}

/** Before a device is deleted; its keys and the messages that wait for it go with its row. */
export async function forgetDevice(db: Database, userId: string, deviceId: string): Promise<void> {
  await announceDevice(db, userId, deviceId);
  await dropSignatures(db, { userId, target: deviceId });
  await dropSignaturesBy(db, userId, deviceId);
}
