import type { Platform } from "../../platform.ts";
import type { Database } from "../../storage/database.ts";
import { serverNameOf } from "../../identifiers.ts";
import { inBatches } from "../../storage/in-batches.ts";

/**
 * The servers of those users that are not ours. Nothing leads to them: they are all answered for as if they could not be
 * reached.
 */
export function unreachableServers(
  { config }: Platform,
  userIds: Iterable<string>,
): Record<string, Record<string, never>> {
  const servers = [...userIds].map(serverNameOf).filter((server) => server !== config.serverName);
  return Object.fromEntries(servers.map((server) => [server, {}]));
}

/** Those of the users that have an account here, deactivated or not. */
export async function localUsers(db: Database, userIds: Iterable<string>): Promise<string[]> {
  const rows = await inBatches(userIds, (batch) =>
    db.selectFrom("hs_users").select("user_id").where("user_id", "in", batch).execute(),
  );
  return rows.map((row) => row.user_id);
}

/** The IDs of all devices of the users, by user. */
export async function devicesOf(db: Database, userIds: Iterable<string>): Promise<Map<string, Set<string>>> {
  const rows = await inBatches(userIds, (batch) =>
    db.selectFrom("hs_devices").select(["user_id", "device_id"]).where("user_id", "in", batch).execute(),
  );
  const devices = new Map<string, Set<string>>();
  for (const { user_id: userId, device_id: deviceId } of rows) {
    devices.set(userId, (devices.get(userId) ?? new Set()).add(deviceId));
  }
  return devices;
}
