import { MatrixError } from "@matrix-openapi/server";
import type { Database } from "../../storage/database.ts";
import { toRoomEvent } from "./event.ts";
import { membershipOf } from "./memberships.ts";
import { findRoom } from "./rooms.ts";
import { currentStateEvent } from "./state.ts";

/**
 * Up to which depth somebody sees the state of a room: who is in it, or where all may read, up to now; who was in it, up
 * to their leaving. Null: not at all. https://spec.matrix.org/v1.19/client-server-api/#room-history-visibility
 */
export async function visibleDepth(db: Database, roomId: string, userId: string | undefined): Promise<number | null> {
  const room = await findRoom(db, roomId);
  if (room === undefined) return null;
  const own = userId === undefined ? undefined : await membershipOf(db, roomId, userId);
  if (own?.membership === "join" || (await isWorldReadable(db, roomId))) return room.depth;
  if (own === undefined || own.forgotten || userId === undefined) return null;
  return lastLeave(db, roomId, userId);
}

/** The same, or what is answered. */
export async function mustSee(db: Database, roomId: string, userId: string): Promise<number> {
  const depth = await visibleDepth(db, roomId, userId);
  if (depth !== null) return depth;
  throw new MatrixError(403, "M_FORBIDDEN", `You are not, and were not, in the room ${roomId}: join it first.`);
}

export async function isWorldReadable(db: Database, roomId: string): Promise<boolean> {
  const event = await currentStateEvent(db, roomId, "m.room.history_visibility");
  return event?.content["history_visibility"] === "world_readable";
}

/** The depth of the event that ended the user's last stay; null for who has never been in the room. */
export async function lastLeave(db: Database, roomId: string, userId: string): Promise<number | null> {
  const rows = await db
    .selectFrom("hs_events")
    .selectAll()
    .where("room_id", "=", roomId)
    .where("type", "=", "m.room.member")
    .where("state_key", "=", userId)
    .orderBy("depth", "desc")
    .execute();
  const events = rows.map(toRoomEvent);
  const lastJoin = events.findIndex(({ content }) => content["membership"] === "join");
  return events[lastJoin - 1]?.depth ?? null;
}
