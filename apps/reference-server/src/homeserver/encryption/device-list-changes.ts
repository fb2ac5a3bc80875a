import type { Database } from "../../storage/database.ts";
import { inBatches } from "../../storage/in-batches.ts";
import { equal } from "../../storage/equal.ts";
import { sharingChanges } from "./sharing-changes.ts";

/** A part of the stream: what comes after the first position, up to and with the second. */
export interface StreamRange {
  readonly after: number;
  readonly upTo: number;
}

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

async function thoseSharingRooms(db: Database, userId: string, others: Iterable<string>): Promise<string[]> {
  const rows = await inBatches(others, (batch) =>
    db
      .selectFrom("hs_memberships as own")
      .innerJoin("hs_memberships as other", "other.room_id", "own.room_id")
      .select("other.user_id")
      .distinct()
      .where(equal({ "own.user_id": userId, "own.membership": "join" }))
      .where("other.user_id", "in", batch)
      .where("other.membership", "=", "join")
      .execute(),
  );
  return rows.map((row) => row.user_id);
}
