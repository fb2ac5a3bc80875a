import { sql } from "kysely";
import type { SqlBool } from "kysely";
import { error, ok } from "@matrix-openapi/server";
import { hashToken } from "../../crypto/tokens.ts";
import type { Platform } from "../../platform.ts";
import { withTransaction } from "../../storage/database.ts";
import { equal } from "../../storage/equal.ts";
import type { DeviceRef } from "../devices/devices.ts";
import { issueRefreshableTokens } from "./issue-tokens.ts";

/**
 * Trades a refresh token for new tokens. It stays good until one of those is used, so that a lost answer costs no
 * session; traded again before that, it takes back what it was traded for first.
 * https://spec.matrix.org/v1.19/client-server-api/#refreshing-access-tokens
 */
export function rotateTokens(platform: Platform, refreshTokenHash: string) {
  const { db, clock } = platform;
  return withTransaction(db, async () => {
    const row = await db
      .selectFrom("hs_refresh_tokens")
      .selectAll()
      .where("token_hash", "=", refreshTokenHash)
      .executeTakeFirst();
    if (row === undefined) return invalid(false);
    if (row.expires_at !== null && row.expires_at <= clock.now()) return invalid(true);

    await endPredecessors(platform, refreshTokenHash);
    if (row.replaced_by_hash !== null) await expireTokens(platform, row.replaced_by_hash);
    const device = { user_id: row.user_id, device_id: row.device_id };
    const tokens = await issueRefreshableTokens(platform, device);
    await db
      .updateTable("hs_refresh_tokens")
      .set({ replaced_by_hash: hashToken(tokens.refresh_token) })
      .where("token_hash", "=", refreshTokenHash)
      .execute();
    await forgetSuperseded(platform, device);
    return ok(tokens);
  });
}

/** With a soft logout the device is still there, and the user may log in to it again. */
function invalid(isSoft: boolean) {
  return error(401, "M_UNKNOWN_TOKEN", "The refresh token is not, or no longer, valid: log in again.", {
    soft_logout: isSoft,
  });
}

/** The first use of a refresh token, or of the access token that came with it, ends those they were traded for. */
export async function endPredecessors(platform: Platform, refreshTokenHash: string): Promise<void> {
  const predecessors = await platform.db
    .selectFrom("hs_refresh_tokens")
    .select("token_hash")
    .where("replaced_by_hash", "=", refreshTokenHash)
    .execute();
  for (const { token_hash } of predecessors) await expireTokens(platform, token_hash);
}

/** Expired, not deleted: whoever still holds them is to be told that the device is there, not to throw its keys away. */
async function expireTokens({ db, clock }: Platform, refreshTokenHash: string): Promise<void> {
  const now = clock.now();
  await db
    .updateTable("hs_refresh_tokens")
    .set({ expires_at: now })
    .where("token_hash", "=", refreshTokenHash)
    .where((row) => row.or([row("expires_at", "is", null), row("expires_at", ">", now)]))
    .execute();
  await db
    .updateTable("hs_access_tokens")
    .set({ expires_at: now })
    .where("refresh_token_hash", "=", refreshTokenHash)
    .where("expires_at", ">", now)
    .execute();
}

/**
 * Each rotation leaves a pair behind; a day later nobody asks for it any more. The last pair of a device stays, and so
 * does what can still be traded: their owner is to be told that the device is there. `device` is all of them if absent.
 */
export async function forgetSuperseded(
  { db, clock }: Pick<Platform, "db" | "clock">,
  device?: DeviceRef,
): Promise<void> {
  const now = clock.now();
  const dayAgo = now - 24 * 3600 * 1000;
  const ofDevice = equal({ ...device });
  await db
    .deleteFrom("hs_access_tokens as token")
    .where("expires_at", "<", dayAgo)
    .where(ofDevice)
    .where(hasSuccessor("hs_access_tokens"))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("hs_refresh_tokens as live")
            .select("live.token_hash")
            .whereRef("live.token_hash", "=", "token.refresh_token_hash")
            .where((row) => row.or([row("live.expires_at", "is", null), row("live.expires_at", ">", now)])),
        ),
      ),
    )
    .execute();
  await db
    .deleteFrom("hs_refresh_tokens as token")
    .where("expires_at", "<", dayAgo)
    .where(ofDevice)
    .where(hasSuccessor("hs_refresh_tokens"))
    .execute();
}

function hasSuccessor(table: "hs_access_tokens" | "hs_refresh_tokens") {
  return sql<SqlBool>`exists (
    select 1 from ${sql.table(table)} as later
    where later.user_id = token.user_id
      and later.device_id = token.device_id
      and later.created_at > token.created_at
  )`;
}
