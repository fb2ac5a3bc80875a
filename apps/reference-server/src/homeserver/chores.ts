import type { Platform } from "../platform.ts";
import { pruneRateLimits } from "../storage/rate-limit.ts";
import { validationSessionsOf } from "../validation-sessions/validation-sessions.ts";
import { pruneToDeviceTransactions } from "./encryption/to-device/pending-messages.ts";
import { pruneOpenIdTokens } from "./openid/openid-tokens.ts";
import { pruneLoginTokens } from "./sessions/login-tokens.ts";
import { forgetSuperseded } from "./sessions/token-rotation.ts";
import { pruneSsoAttempts } from "./single-sign-on/attempts.ts";
import { pruneUiaSessions } from "./user-interactive-auth/user-interactive-auth.ts";

/** Clears the database of what has expired and tells nobody anything any more; run now and then. */
export async function doChores(platform: Pick<Platform, "db" | "clock" | "config" | "random">): Promise<void> {
  await pruneUiaSessions(platform);
  await validationSessionsOf(platform, "hs").prune();
  await pruneLoginTokens(platform);
  await pruneOpenIdTokens(platform);
  await pruneSsoAttempts(platform);
  await pruneToDeviceTransactions(platform);
  await forgetSuperseded(platform);
  await pruneRateLimits(platform.db, platform.clock, "hs_rate_limits");
}
