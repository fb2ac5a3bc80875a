import type { Database } from "../../../storage/database.ts";
import { isInOneOf } from "../membership/restricted-join.ts";
import { membershipOf } from "../memberships.ts";
import type { RoomFacts } from "../room-facts.ts";

/**
 * Whether somebody may be told of a room: who is in it, or could join, knock on or read it. Without a user, what is open
 * to all. https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1roomsroomidhierarchy
 */
export async function mayKnowOf(db: Database, room: RoomFacts, userId: string | undefined): Promise<boolean> {
  if (room.world_readable || room.join_rule === "public") return true;
  if (room.join_rule === "knock" || room.join_rule === "knock_restricted") return true;
  if (userId === undefined) return false;
  const own = (await membershipOf(db, room.room_id, userId))?.membership;
  if (own === "join" || own === "invite") return true;
  return room.join_rule === "restricted" && own !== "ban" && isInOneOf(db, userId, room.allowed_room_ids ?? []);
}
