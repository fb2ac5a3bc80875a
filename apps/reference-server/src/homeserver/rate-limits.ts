import { MatrixError } from "@matrix-openapi/server";
import type { Platform } from "../platform.ts";
import { consumeRateLimit } from "../storage/rate-limit.ts";
import type { RateLimitOutcome } from "../storage/rate-limit.ts";

type Limited = Pick<Platform, "config" | "db" | "clock">;

/** Failed passwords, at login and in user-interactive auth alike. `whom` is the account, or what was typed for one. */
export function limitLogins(platform: Limited, whom: string, cost: 0 | 1): Promise<void> {
  return limit(platform, "login", whom, cost);
}

/** Accounts created from one address. */
export function limitRegistrations(platform: Limited, remoteAddress: string | undefined): Promise<void> {
  return limit(platform, "registration", remoteAddress, 1);
}

/** Guesses, at whatever a stage of user-interactive auth asks for, from one address. */
export function limitFailedStages(platform: Limited, remoteAddress: string | undefined, cost: 0 | 1): Promise<void> {
  return limit(platform, "userInteractiveAuth", remoteAddress, cost);
}

/**
 * Throws what is answered with 429; a cost of 0 only asks whether the limit is reached.
 * https://spec.matrix.org/v1.19/client-server-api/#rate-limiting
 */
async function limit(
  platform: Limited,
  name: "login" | "registration" | "userInteractiveAuth",
  whom: string | undefined,
  cost: number,
): Promise<void> {
  const outcome: RateLimitOutcome = await consumeRateLimit(platform.db, platform.clock, {
    table: "hs_rate_limits",
    bucket: `${name}:${whom ?? "unknown"}`,
    limit: platform.config.rateLimits[name],
    cost,
  });
  if (outcome.allowed) return;
  const seconds = Math.ceil(outcome.retryAfterMs / 1000);
  throw new MatrixError(429, "M_LIMIT_EXCEEDED", `Too many attempts: wait ${seconds} seconds and try again.`, {
    retry_after_ms: outcome.retryAfterMs,
  });
}
