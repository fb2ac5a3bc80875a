import { sql } from "kysely";
import type { RateLimit } from "../configuration/configuration.ts";
import type { Clock } from "../process/clock.ts";
import type { Database } from "./database.ts";

export type RateLimitOutcome = { readonly allowed: true } | { readonly allowed: false; readonly retryAfterMs: number };

interface RateLimitUse {
  readonly table: "hs_rate_limits" | "is_rate_limits";
  /** What is limited and whom: `login:@alice:localhost`. */
  readonly bucket: string;
  /** `false` is off. */
  readonly limit: RateLimit | false;
  /** 0 only asks; a login counts its failures alone by asking first and counting afterwards. 1 unless given. */
  readonly cost?: number;
}

/**
 * Counts in windows, in the database, so that several processes share one count. `retryAfterMs` is when the window
 * ends. Call it outside of a transaction that may roll back, or the attempt is not counted:
 * https://spec.matrix.org/v1.19/client-server-api/#rate-limiting
 */
export async function consumeRateLimit(db: Database, clock: Clock, use: RateLimitUse): Promise<RateLimitOutcome> {
  const { table, bucket, limit, cost = 1 } = use;
  if (limit === false) return { allowed: true };
  const now = clock.now();
  const windowStart = now - (now % limit.perMs);
  const { rows } = await sql<{ used: number }>`
    insert into ${sql.table(table)} (bucket, used, window_started_at) values (${bucket}, ${cost}, ${windowStart})
    on conflict (bucket) do update set
      used = case when ${sql.table(table)}.window_started_at = excluded.window_started_at
        then ${sql.table(table)}.used + excluded.used else excluded.used end,
      window_started_at = excluded.window_started_at
    returning used`.execute(db);
  const used = rows[0]?.used ?? 0;
  const allowed = cost === 0 ? used < limit.requests : used <= limit.requests;
  return allowed ? { allowed } : { allowed, retryAfterMs: windowStart + limit.perMs - now };
}

/** Forgets windows that are over; run now and then. */
export async function pruneRateLimits(db: Database, clock: Clock, table: RateLimitUse["table"]): Promise<void> {
  const dayAgo = clock.now() - 24 * 3600 * 1000;
  await db.deleteFrom(table).where("window_started_at", "<", dayAgo).execute();
}
