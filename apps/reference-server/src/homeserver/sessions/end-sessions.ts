import type { Platform } from "../../platform.ts";
import type { Database } from "../../storage/database.ts";
import { deleteDevices, listDevices } from "../devices/devices.ts";

/** Ends a user's sessions with their devices, and what could open new ones; `except` is the device that may stay. */
export async function endSessions({ db }: Platform, userId: string, except?: string): Promise<void> {
  const devices = (await listDevices(db, userId)).map((device) => device.device_id);
  await deleteDevices(
    db,
    userId,
    devices.filter((deviceId) => deviceId !== except),
  );
  await endLoginTokens(db, userId);
}

/** Ends what an earlier authentication has left to open new sessions with. */
export async function endLoginTokens(db: Database, userId: string): Promise<void> {
  await db.deleteFrom("hs_login_tokens").where("user_id", "=", userId).execute();
}
