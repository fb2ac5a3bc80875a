import type { Platform } from "../../platform.ts";
import { forgetUserKeys } from "../encryption/forget-user-keys.ts";
import { forgetUserData } from "../user-data/forget-user-data.ts";
import { voidProofs } from "./credential-generation.ts";
import { endSessions } from "../sessions/end-sessions.ts";

/**
 * Leaves of an account nothing but its user ID, which nobody can have again.
 * https://spec.matrix.org/v1.19/client-server-api/#account-deactivation
 */
export async function closeAccount(platform: Platform, userId: string): Promise<void> {
  const { db, clock } = platform;
  await endSessions(platform, userId);
  await forgetUserKeys(db, userId);
  await forgetUserData(db, userId);
  for (const table of ["hs_openid_tokens", "hs_threepids", "hs_threepid_bindings"] as const) {
    await db.deleteFrom(table).where("user_id", "=", userId).execute();
  }
  await db
    .updateTable("hs_users")
    .set({ password_hash: null, display_name: null, deactivated_at: clock.now() })
    .where("user_id", "=", userId)
    .execute();
  await voidProofs(db, userId);
}
