import { MatrixError } from "@matrix-openapi/server";
import type { Selectable } from "kysely";
import type { Platform } from "../../platform.ts";
import type { Database } from "../../storage/database.ts";
import { withTransaction } from "../../storage/database.ts";
import { equal } from "../../storage/equal.ts";
import { appendToStream } from "../../storage/stream.ts";
import type { DeviceTable } from "../../storage/migrations/0001-homeserver-accounts.ts";
import { isCrossSigningKey } from "../encryption/cross-signing-keys.ts";
import { announceDevice, forgetDevice } from "../encryption/device-keys.ts";

export type DeviceRow = Selectable<DeviceTable>;

/** Which device, in the columns of every table that has something of it. */
export type DeviceRef = Pick<DeviceRow, "user_id" | "device_id">;

export async function listDevices(db: Database, userId: string): Promise<DeviceRow[]> {
  return db.selectFrom("hs_devices").selectAll().where("user_id", "=", userId).orderBy("created_at").execute();
}

export async function findDevice(db: Database, userId: string, deviceId: string): Promise<DeviceRow | undefined> {
  return db
    .selectFrom("hs_devices")
    .selectAll()
    .where(equal({ user_id: userId, device_id: deviceId }))
    .executeTakeFirst();
}

/** False where the user has it already. */
export async function createDevice(
  { db, clock }: Pick<Platform, "db" | "clock">,
  userId: string,
  deviceId: string,
  displayName: string | undefined,
): Promise<boolean> {
  return withTransaction(db, async () => {
    if (await isCrossSigningKey(db, userId, deviceId)) {
      throw new MatrixError(403, "M_FORBIDDEN", `${deviceId} is a cross-signing key: choose another device ID.`);
    }
    const created = await db
      .insertInto("hs_devices")
      .values({
        user_id: userId,
        device_id: deviceId,
        display_name: displayName ?? null,
        created_at: clock.now(),
        last_seen_at: null,
        last_seen_ip: null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning("device_id")
      .executeTakeFirst();
    return created !== undefined;
  });
}

/** False where the user has no such device. */
export async function renameDevice(
  db: Database,
  userId: string,
  deviceId: string,
  displayName: string,
): Promise<boolean> {
  return withTransaction(db, async () => {
    const { numUpdatedRows } = await db
      .updateTable("hs_devices")
      .set({ display_name: displayName })
      .where(equal({ user_id: userId, device_id: deviceId }))
      .executeTakeFirst();
    await announceDevice(db, userId, deviceId);
    return numUpdatedRows > 0n;
  });
}

/** Their tokens and keys go with them; devices that do not exist count as deleted. */
export async function deleteDevices(db: Database, userId: string, deviceIds: readonly string[]): Promise<void> {
  // From what there is, because a request can name any number of devices that there are not.
  const named = new Set(deviceIds);
  await withTransaction(db, async () => {
    for (const { device_id: deviceId } of await listDevices(db, userId)) {
      if (!named.has(deviceId)) continue;
      await forgetDevice(db, userId, deviceId);
      await db
        .deleteFrom("hs_devices")
        .where(equal({ user_id: userId, device_id: deviceId }))
        .execute();
      appendToStream(db, { kind: "logout", userId, deviceId });
    }
  });
}
