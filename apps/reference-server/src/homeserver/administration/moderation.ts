import type { Platform } from "../../platform.ts";
import type { Database } from "../../storage/database.ts";

/** What administrators have done to an account. */
export interface Moderation {
  readonly locked: boolean;
  readonly suspended: boolean;
}

const untouched: Moderation = { locked: false, suspended: false };

export async function moderationOf(db: Database, userId: string): Promise<Moderation> {
  const row = await db.selectFrom("hs_account_moderation").selectAll().where("user_id", "=", userId).executeTakeFirst();
  return row === undefined ? untouched : { locked: row.locked === 1, suspended: row.suspended === 1 };
}

export async function moderate(
  { db }: Pick<Platform, "db">,
  userId: string,
  change: Partial<Moderation>,
): Promise<void> {
  const { locked, suspended } = { ...(await moderationOf(db, userId)), ...change };
  const row = { locked: locked ? 1 : 0, suspended: suspended ? 1 : 0 } as const;
  await db
    .insertInto("hs_account_moderation")
    .values({ user_id: userId, ...row })
    .onConflict((conflict) => conflict.column("user_id").doUpdateSet(row))
    .execute();
}
