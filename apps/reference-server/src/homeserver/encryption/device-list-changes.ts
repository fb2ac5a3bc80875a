import type { Database } from "../../storage/database.ts";
import type { StreamRange } from "../../storage/stream-entry.ts";
import { thoseSharingRooms } from "../rooms/memberships.ts";
import { sharingChanges } from "./sharing-changes.ts";

export interface DeviceListChanges {
  readonly changed: string[];
  readonly left: string[];
}

/**
 * Whose keys a client has to look up anew: those of who shares a room with the user and has other keys or devices, and
 * of who has come to share an encrypted one; and whose it can forget.
 * https://spec.matrix.org/v1.19/client-server-api/#tracking-the-device-list-for-a-user
 */
export async function deviceListChanges(db: Database, userId: string, range: StreamRange): Promise<DeviceListChanges> {
  if (range.after >= range.upTo) return { changed: [], left: [] };
  const { begun, ended } = await sharingChanges(db, userId, range);
  const changed = new Set([...(await usersWithNewKeys(db, userId, range)), ...begun]);
  return { changed: [...changed].toSorted(), left: ended.toSorted() };
}

/** Of those that the user has a room with, and the user; what has a reference is for the eyes of that one only. */
async function usersWithNewKeys(db: Database, userId: string, { after, upTo }: StreamRange): Promise<string[]> {
  const rows = await db
    .selectFrom("hs_stream")
    .select(["user_id", "reference"])
    .distinct()
    .where("kind", "=", "device_list")
    .where("position", ">", after)
    .where("position", "<=", upTo)
    .execute();
  const users = new Set(
    rows
      .filter(({ reference }) => reference === null || reference === userId)
      .map((row) => row.user_id)
      .filter((user) => user !== null),
  );
  const own = users.delete(userId) ? [userId] : [];
  return [...own, ...(await thoseSharingRooms(db, userId, users))];
}
