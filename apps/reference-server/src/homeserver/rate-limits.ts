import { operations } from "@matrix-openapi/definitions/client-server/operations";
import type { OperationId } from "@matrix-openapi/definitions/client-server/operations";
import { MatrixError } from "@matrix-openapi/server";
import type { RateLimit } from "../configuration/configuration.ts";
import type { Platform } from "../platform.ts";
import { consumeRateLimit } from "../storage/rate-limit.ts";
import { serviceById } from "./application-services/services.ts";
import type { SessionOwner, SomeHandlers } from "./home.ts";

type Limited = Pick<Platform, "config" | "db" | "clock">;

/** Failed passwords, at login and in user-interactive auth alike. `whom` is the account, or what was typed for one. */
export function limitLogins(platform: Limited, whom: string, cost: 0 | 1): Promise<void> {
  return limit(platform, `login:${whom}`, platform.config.rateLimits.login, cost);
}

/** Accounts created from one address. */
export function limitRegistrations(platform: Limited, remoteAddress = "unknown"): Promise<void> {
  return limit(platform, `registration:${remoteAddress}`, platform.config.rateLimits.registration);
}

/** Guesses, at whatever a stage of user-interactive auth asks for, from one address. */
export function limitFailedStages(platform: Limited, remoteAddress = "unknown", cost: 0 | 1): Promise<void> {
  return limit(platform, `userInteractiveAuth:${remoteAddress}`, platform.config.rateLimits.userInteractiveAuth, cost);
}

/** The same handlers, with the configured limits before them; what has no limit has nothing before it. */
export function withRateLimits(platform: Limited, handlers: SomeHandlers): SomeHandlers {
  const { "*": usual = false, ...named } = platform.config.rateLimits.operations;
  const limited = Object.entries(handlers).flatMap(([id, handler]) => {
    const rate = named[id] ?? (operations[id as OperationId].rateLimited ? usual : false);
    return rate === false ? [] : [[id, withRateLimit(platform, id, rate, handler as AnyHandler)]];
  });
  return { ...handlers, ...Object.fromEntries(limited) };
}

/** Whatever its operation is. */
type AnyHandler = (context: Caller) => unknown;

interface Caller {
  readonly user?: SessionOwner;
  readonly remoteAddress: string | undefined;
}

function withRateLimit(platform: Limited, operationId: string, rate: RateLimit, handler: AnyHandler): AnyHandler {
  return async (context) => {
    const { user, remoteAddress = "unknown" } = context;
    if (!isExempt(platform, user)) await limit(platform, `operation:${operationId}:${user?.id ?? remoteAddress}`, rate);
    return handler(context);
  };
}

/** https://spec.matrix.org/v1.19/application-service-api/#registration */
function isExempt(platform: Limited, user: SessionOwner | undefined): boolean {
  const service = serviceById(platform, user?.applicationService);
  return service !== undefined && (service.senderId === user?.id || service.registration.rate_limited === false);
}

/**
 * Throws what is answered with 429; a cost of 0 only asks whether the limit is reached.
 * https://spec.matrix.org/v1.19/client-server-api/#rate-limiting
 */
async function limit({ db, clock }: Limited, bucket: string, rate: RateLimit | false, cost = 1): Promise<void> {
  const outcome = await consumeRateLimit(db, clock, { table: "hs_rate_limits", bucket, limit: rate, cost });
  if (outcome.allowed) return;
  const seconds = Math.ceil(outcome.retryAfterMs / 1000);
  throw new MatrixError(429, "M_LIMIT_EXCEEDED", `Too many attempts: wait ${seconds} seconds and try again.`, {
    retry_after_ms: outcome.retryAfterMs,
  });
}
