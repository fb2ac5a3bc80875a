import type { Database } from "../../storage/database.ts";

/** Of an account that is closed: what it has stored for itself, and what it has said of itself. */
export async function forgetUserData(db: Database, userId: string): Promise<void> {
  for (const table of [
    "hs_account_data",
    "hs_profile_fields",
    "hs_presence",
    "hs_push_rules",
    "hs_pushers",
    "hs_user_notifications",
  ] as const) {
    await db.deleteFrom(table).where("user_id", "=", userId).execute();
  }
}
