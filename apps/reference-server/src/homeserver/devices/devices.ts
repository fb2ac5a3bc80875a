import type { Selectable } from "kysely";
import type { Database } from "../../storage/database.ts";
import type { DeviceTable } from "../../storage/migrations/0001-homeserver-accounts.ts";

export type DeviceRow = Selectable<DeviceTable>;

export async function listDevices(db: Database, userId: string): Promise<DeviceRow[]> {
  return db.selectFrom("hs_devices").selectAll().where("user_id", "=", userId).orderBy("created_at").execute();
}

export async function findDevice(db: Database, userId: string, deviceId: string): Promise<DeviceRow | undefined> {
  return db
    .selectFrom("hs_devices")
    .selectAll()
    .where("user_id", "=", userId)
    .where("device_id", "=", deviceId)
    .executeTakeFirst();
}

/** False where the user has no such device. */
export async function renameDevice(
  db: Database,
  userId: string,
  deviceId: string,
  displayName: string,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("hs_devices")
    .set({ display_name: displayName })
    .where("user_id", "=", userId)
    .where("device_id", "=", deviceId)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Their tokens go with them; devices that do not exist count as deleted. */
export async function deleteDevices(db: Database, userId: string, deviceIds: readonly string[]): Promise<void> {
  // From what there is, because a request can name any number of devices that there are not.
  const named = new Set(deviceIds);
  for (const { device_id: deviceId } of await listDevices(db, userId)) {
    if (!named.has(deviceId)) continue;
    await db.deleteFrom("hs_devices").where("user_id", "=", userId).where("device_id", "=", deviceId).execute();
  }
}
