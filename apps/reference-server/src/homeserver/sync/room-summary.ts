import type { components } from "@matrix-openapi/definitions/client-server";
import type { Home } from "../home.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3sync_response-200_roomsummary */
export async function summaryOf(
  home: Home,
  roomId: string,
  userId: string,
): Promise<components["schemas"]["JoinedRoomSummary"]> {
  const rows = await home.db
    .selectFrom("hs_memberships")
    .select((get) => ["membership", get.fn.countAll<number | string>().as("count")])
    .where("room_id", "=", roomId)
    .where("membership", "in", ["join", "invite"])
    .groupBy("membership")
    .execute();
  const countOf = (membership: string) => Number(rows.find((row) => row.membership === membership)?.count ?? 0);
  return {
    "m.heroes": await heroesOf(home, roomId, userId),
    "m.joined_member_count": countOf("join"),
    "m.invited_member_count": countOf("invite"),
  };
}

/** Up to five to name a room after: those who are there or invited; only where nobody is, those who were. */
export async function heroesOf({ db }: Home, roomId: string, userId: string): Promise<string[]> {
  const others = db
    .selectFrom("hs_memberships")
    .select("user_id")
    .where("room_id", "=", roomId)
    .where("user_id", "!=", userId)
    .orderBy("depth")
    .limit(mostHeroes);
  const present = await others.where("membership", "in", ["join", "invite"]).execute();
  const rows = present.length > 0 ? present : await others.where("membership", "in", ["leave", "ban"]).execute();
  return rows.map((row) => row.user_id);
}

const mostHeroes = 5;
