import { asObject, isObject } from "../../../json.ts";
import type { JsonObject } from "../../../json.ts";
import type { Database } from "../../../storage/database.ts";
import { isJoined, membersOf, membershipOf } from "../memberships.ts";
import { powerLevelsOf } from "../permissions.ts";
import { mustFindRoom } from "../rooms.ts";
import { currentStateEvent } from "../state.ts";

/**
 * Who is not invited joins a restricted room by being in another one, and needs a member there who may invite; undefined
 * where there is none, or where none is needed. https://spec.matrix.org/v1.19/client-server-api/#restricted-rooms
 */
export async function whoLetsIn(db: Database, roomId: string, userId: string): Promise<string | undefined> {
  const current = (await membershipOf(db, roomId, userId))?.membership;
  if (current === "join" || current === "invite") return undefined;
  const rules = (await currentStateEvent(db, roomId, "m.room.join_rules"))?.content ?? {};
  const isRestricted = rules["join_rule"] === "restricted" || rules["join_rule"] === "knock_restricted";
  if (!isRestricted || !(await isInOneOf(db, userId, allowedRooms(rules)))) return undefined;
  return someoneWhoMayInvite(db, roomId);
}

/** The rooms whose members may join. */
export function allowedRooms({ allow }: JsonObject): string[] {
  const conditions: readonly unknown[] = Array.isArray(allow) ? allow : [];
  return conditions
    .filter((condition) => isObject(condition) && condition["type"] === "m.room_membership")
    .map((condition) => asObject(condition)["room_id"])
    .filter((roomId) => typeof roomId === "string")
    .filter((roomId) => /^![^\0]+$/.test(roomId) && roomId.length <= 255);
}

export async function isInOneOf(db: Database, userId: string, roomIds: readonly string[]): Promise<boolean> {
  for (const roomId of roomIds) if (await isJoined(db, roomId, userId)) return true;
  return false;
}

/** Those with power of their own are asked first, because in most rooms that is enough, however large they are. */
async function someoneWhoMayInvite(db: Database, roomId: string): Promise<string | undefined> {
  const { users = {} } = (await currentStateEvent(db, roomId, "m.room.power_levels"))?.content ?? {};
  const { creator } = await mustFindRoom(db, roomId);
  const power = await powerLevelsOf(db, roomId);
  const mayInvite = (userId: string) => power.ofUser(userId) >= power.toDo("invite");
  for (const userId of [creator, ...Object.keys(asObject(users))].filter(mayInvite)) {
    if (await isJoined(db, roomId, userId)) return userId;
  }
  return (await membersOf(db, roomId, "join")).find(({ userId }) => mayInvite(userId))?.userId;
}
