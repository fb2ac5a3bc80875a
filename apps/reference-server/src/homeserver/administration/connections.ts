import type { Database } from "../../storage/database.ts";
import { listDevices } from "../devices/devices.ts";

/** From where each device of a user was seen last; the server remembers no more than that. */
export async function connectionsOf(db: Database, userId: string) {
  const devices = await listDevices(db, userId);
  return Object.fromEntries(
    devices.map(({ device_id: deviceId, last_seen_ip: ip, last_seen_at: lastSeen }) => {
      const connections = lastSeen === null ? [] : [{ last_seen: lastSeen, ...(ip !== null && { ip }) }];
      return [deviceId, { sessions: [{ connections }] }];
    }),
  );
}
