import type { Home } from "../home.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3sync_response-200_roomsummary */
export async function summaryOf(
  { db }: Home,
  roomId: string,
): Promise<{ "m.joined_member_count": number; "m.invited_member_count": number }> {
  const rows = await db
    .selectFrom("hs_memberships")
    .select((get) => ["membership", get.fn.countAll<number | string>().as("count")])
    .where("room_id", "=", roomId)
    .where("membership", "in", ["join", "invite"])
    .groupBy("membership")
    .execute();
  const countOf = (membership: string) => Number(rows.find((row) => row.membership === membership)?.count ?? 0);
  return { "m.joined_member_count": countOf("join"), "m.invited_member_count": countOf("invite") };
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
