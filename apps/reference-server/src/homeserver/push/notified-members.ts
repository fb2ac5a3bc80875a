import type { Database } from "../../storage/database.ts";
import type { RoomEvent } from "../rooms/event.ts";

/** Keeps who is notified of a room's events in step with who is in it. */
export async function followMembership(db: Database, { roomId, stateKey, content, depth }: RoomEvent): Promise<void> {
  if (stateKey === null) return;
  if (content["membership"] !== "join") return forgetMember(db, roomId, stateKey);
  await db
    .insertInto("hs_notified_members")
    .values({
      user_id: stateKey,
      room_id: roomId,
      joined_depth: depth,
      read_depth: depth,
      is_individual: (await isIndividual(db, stateKey)) ? 1 : 0,
    })
    .onConflict((conflict) => conflict.doNothing()) // in the room already: a new name
    .execute();
}

async function forgetMember(db: Database, roomId: string, userId: string): Promise<void> {
  for (const table of ["hs_notified_members", "hs_thread_reads", "hs_user_notifications"] as const) {
    await db.deleteFrom(table).where("user_id", "=", userId).where("room_id", "=", roomId).execute();
  }
  await forgetUnaskable(db, roomId);
}

/** Nobody is listed what is from before they joined. https://spec.matrix.org/v1.19/client-server-api/#listing-notifications */
async function forgetUnaskable(db: Database, roomId: string): Promise<void> {
  const { earliest } = await db
    .selectFrom("hs_notified_members")
    .select(({ fn }) => fn.min("joined_depth").as("earliest"))
    .where("room_id", "=", roomId)
    .executeTakeFirstOrThrow();
  await db
    .deleteFrom("hs_room_notifications")
    .where("room_id", "=", roomId)
    .where("depth", "<=", earliest ?? Number.MAX_SAFE_INTEGER)
    .execute();
}

/** Call it when a user's rules, pushers or ignored users have changed. */
export async function updateIndividual(db: Database, userId: string): Promise<void> {
  const is_individual = (await isIndividual(db, userId)) ? 1 : 0;
  await db
    .updateTable("hs_notified_members")
    .set({ is_individual })
    .where("user_id", "=", userId)
    .where("is_individual", "!=", is_individual)
    .execute();
}

async function isIndividual(db: Database, userId: string): Promise<boolean> {
  const found = await db
    .selectFrom("hs_push_rules")
    .select("user_id")
    .where("user_id", "=", userId)
    .unionAll((or) => or.selectFrom("hs_pushers").select("user_id").where("user_id", "=", userId))
    .unionAll((or) =>
      or
        .selectFrom("hs_account_data")
        .select("user_id")
        .where("user_id", "=", userId)
        .where("room_id", "=", "")
        .where("type", "=", "m.ignored_user_list"),
    )
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}
