import type { Platform } from "../platform.ts";
import { pruneRateLimits } from "../storage/rate-limit.ts";
import { validationSessionsOf } from "../validation-sessions/validation-sessions.ts";
import { pruneToDeviceTransactions } from "./encryption/to-device/pending-messages.ts";
import { forgetSuperseded } from "./sessions/token-rotation.ts";
import { pruneUiaSessions } from "./user-interactive-auth/user-interactive-auth.ts";

/** Clears the database of what has expired and tells nobody anything any more; run now and then. */
export async function doChores(platform: Pick<Platform, "db" | "clock" | "config" | "random">): Promise<void> {
  await pruneUiaSessions(platform);
  await validationSessionsOf(platform, "hs").prune();
  for (const table of ["hs_login_tokens", "hs_openid_tokens", "hs_sso_attempts"] as const) {
    await platform.db.deleteFrom(table).where("expires_at", "<=", platform.clock.now()).execute();
  }
  await pruneToDeviceTransactions(platform);
  await forgetSuperseded(platform);
  await pruneRateLimits(platform.db, platform.clock, "hs_rate_limits");
}
