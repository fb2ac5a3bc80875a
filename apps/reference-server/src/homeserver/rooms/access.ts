import { MatrixError } from "@matrix-openapi/server";
import type { Database } from "../../storage/database.ts";
import { roomView } from "../timeline/room-view.ts";
import { membershipOf } from "./memberships.ts";
import { findRoom } from "./rooms.ts";
import { currentStateEvent } from "./state.ts";

/**
 * Up to which depth somebody sees the state of a room: who is in it, or where all may read, up to now; who was in it, up
 * to their leaving. Null: not at all. https://spec.matrix.org/v1.19/client-server-api/#room-history-visibility
 */
export async function visibleDepth(db: Database, roomId: string, userId: string): Promise<number | null> {
  const room = await findRoom(db, roomId);
  if (room === undefined) return null;
  const own = await membershipOf(db, roomId, userId);
  if (own?.membership === "join" || (await isWorldReadable(db, roomId))) return room.depth;
  if (own === undefined || own.forgotten) return null;
  return (await roomView(db, roomId, userId)).lastLeave;
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
