import { isObject } from "../../../json.ts";
import type { JsonObject } from "../../../json.ts";
import type { Database } from "../../../storage/database.ts";
import { object } from "../authorisation/power.ts";
import type { Home } from "../../home.ts";
import { membershipOf } from "../memberships.ts";
import { powerLevelsOf } from "../permissions.ts";
import { findRoom } from "../rooms.ts";
import { currentStateEvent } from "../state.ts";
import { profileIn } from "./member-content.ts";

interface WantedJoin {
  readonly roomId: string;
  readonly userId: string;
  readonly content: JsonObject;
}

/**
 * The content of a join. Who joins a restricted room by being in another one needs a member there who may invite; which
 * one is for the server to say, and never for the client.
 * https://spec.matrix.org/v1.19/client-server-api/#restricted-rooms
 */
export async function joinContent({ db }: Home, { roomId, userId, content }: WantedJoin): Promise<JsonObject> {
  const { join_authorised_via_users_server: _server, ...own } = content;
  const joined = { ...(await profileIn(db, userId)), ...own, membership: "join" };
  const current = (await membershipOf(db, roomId, userId))?.membership;
  if (current === "join" || current === "invite") return joined;
  const rules = (await currentStateEvent(db, roomId, "m.room.join_rules"))?.content ?? {};
  const isRestricted = rules["join_rule"] === "restricted" || rules["join_rule"] === "knock_restricted";
  if (!isRestricted || !(await isInOneOf(db, userId, allowedRooms(rules)))) return joined;
  const inviter = await someoneWhoMayInvite(db, roomId);
  return inviter === undefined ? joined : { ...joined, join_authorised_via_users_server: inviter };
}

/** The rooms whose members may join. */
export function allowedRooms({ allow }: JsonObject): string[] {
  const conditions: readonly unknown[] = Array.isArray(allow) ? allow : [];
  return conditions
    .filter((condition) => isObject(condition) && condition["type"] === "m.room_membership")
    .map((condition) => object(condition)["room_id"])
    .filter((roomId) => typeof roomId === "string")
    .filter((roomId) => /^![^\0]+$/.test(roomId) && roomId.length <= 255);
}

export async function isInOneOf(db: Database, userId: string, roomIds: readonly string[]): Promise<boolean> {
  for (const roomId of roomIds) {
    if ((await membershipOf(db, roomId, userId))?.membership === "join") return true;
  }
  return false;
}

/** Those with power of their own are asked first, because in most rooms that is enough, however large they are. */
async function someoneWhoMayInvite(db: Database, roomId: string): Promise<string | undefined> {
  const [power, room, levels] = [
    await powerLevelsOf(db, roomId),
    await findRoom(db, roomId),
    (await currentStateEvent(db, roomId, "m.room.power_levels"))?.content ?? {},
  ];
  const likely = [...(room === undefined ? [] : [room.creator]), ...Object.keys(object(levels["users"]))];
  const mayInvite = (userId: string) => power.ofUser(userId) >= power.toDo("invite");
  for (const userId of likely) {
    if (mayInvite(userId) && (await membershipOf(db, roomId, userId))?.membership === "join") return userId;
  }
  const joined = await db
    .selectFrom("hs_memberships")
    .select("user_id")
    .where("room_id", "=", roomId)
    .where("membership", "=", "join")
    .orderBy("depth")
    .execute();
  return joined.find(({ user_id }) => mayInvite(user_id))?.user_id;
}
