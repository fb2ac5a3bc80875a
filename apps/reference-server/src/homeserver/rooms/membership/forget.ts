import type { Database } from "../../../storage/database.ts";

/**
 * The user hears of the room no more; false where they are in it, or never were.
 * https://spec.matrix.org/v1.19/client-server-api/#leaving-rooms
 */
export async function forgetRoom(db: Database, roomId: string, userId: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("hs_memberships")
    .set({ forgotten: 1 })
    .where("room_id", "=", roomId)
    .where("user_id", "=", userId)
    .where("membership", "in", ["leave", "ban"])
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
