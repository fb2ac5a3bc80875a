import type { Insertable, Selectable } from "kysely";
import type { Database } from "../../storage/database.ts";
import { withTransaction } from "../../storage/database.ts";
import { equal } from "../../storage/equal.ts";
import type { PusherTable } from "../../storage/migrations/0014-user-data.ts";
import { updateIndividual } from "./notified-members.ts";

export type Pusher = Selectable<PusherTable>;

/** What names a pusher. */
export type PusherKey = Pick<Pusher, "user_id" | "app_id" | "pushkey">;

export async function listPushers(db: Database, userId: string): Promise<Pusher[]> {
  return db.selectFrom("hs_pushers").selectAll().where("user_id", "=", userId).orderBy("set_at").execute();
}

export async function findPusher(db: Database, { user_id, app_id, pushkey }: PusherKey): Promise<Pusher | undefined> {
  return db.selectFrom("hs_pushers").selectAll().where(equal({ user_id, app_id, pushkey })).executeTakeFirst();
}

/**
 * Puts it in the place of the user's earlier one of these names. Unless it is appended, nobody else keeps one of them: the
 * device has changed hands. https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3pushersset
 */
export async function storePusher(db: Database, pusher: Insertable<PusherTable>, append: boolean): Promise<void> {
  await withTransaction(db, async () => {
    if (!append) await removeOthers(db, pusher);
    await db
      .insertInto("hs_pushers")
      .values(pusher)
      .onConflict((conflict) => conflict.columns(["user_id", "app_id", "pushkey"]).doUpdateSet(pusher))
      .execute();
    await updateIndividual(db, pusher.user_id);
  });
}

export async function setToldUnread(
  db: Database,
  { user_id, app_id, pushkey }: PusherKey,
  told_unread: number,
): Promise<void> {
  await db.updateTable("hs_pushers").set({ told_unread }).where(equal({ user_id, app_id, pushkey })).execute();
}

/** What was still to be sent to it goes with it. */
export async function removePusher(db: Database, { user_id, app_id, pushkey }: PusherKey): Promise<void> {
  await withTransaction(db, async () => {
    await db.deleteFrom("hs_pushers").where(equal({ user_id, app_id, pushkey })).execute();
    await updateIndividual(db, user_id);
  });
}

async function removeOthers(db: Database, { user_id, app_id, pushkey }: PusherKey): Promise<void> {
  const others = await db
    .deleteFrom("hs_pushers")
    .where("user_id", "!=", user_id)
    .where("app_id", "=", app_id)
    .where("pushkey", "=", pushkey)
    .returning("user_id")
    .execute();
  for (const other of others) await updateIndividual(db, other.user_id);
}
