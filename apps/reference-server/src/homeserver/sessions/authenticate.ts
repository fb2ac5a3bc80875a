import { MatrixError } from "@matrix-openapi/server";
import type { Authenticate, TokenUse } from "@matrix-openapi/server";
import { hashToken } from "../../crypto/tokens.ts";
import type { Platform } from "../../platform.ts";
import { compiledQuery } from "../../storage/compiled-query.ts";
import { withTransaction } from "../../storage/database.ts";
import { equal } from "../../storage/equal.ts";
import type { Home, SessionOwner } from "../home.ts";
import { issuedTokens } from "../single-sign-on/issued-tokens.ts";
import { assertIdentity } from "../application-services/identity-assertion.ts";
import { serviceByToken } from "../application-services/services.ts";
import { refuseModerated } from "../administration/refuse-moderated.ts";
import { endPredecessors } from "./token-rotation.ts";

/**
 * Finds the owner of an access token. One that has expired is told apart from one that never was: its client may
 * refresh, or log in again and keep its keys. https://spec.matrix.org/v1.19/client-server-api/#soft-logout
 */
export function authenticator(platform: Home): Authenticate<SessionOwner> {
  const takeIssued = issuedTokens(platform);
  return async (token, use) => {
    const service = serviceByToken(platform, token);
    if (service !== undefined) return assertIdentity(platform, service, use);
    const { remoteAddress, operation } = use;
    const isOver = ({ expires_at: end }: FoundToken) => end !== null && end <= platform.clock.now();
    let [found] = await findToken(platform.db, { tokenHash: hashToken(token) });
    if (found === undefined || (found.provider_id !== null && isOver(found))) {
      if (await takeIssued(token, remoteAddress))
        [found] = await findToken(platform.db, { tokenHash: hashToken(token) });
    }
    if (found === undefined) return undefined;
    if (isOver(found)) return { error: expired() };
    const moderation = { locked: found.locked === 1, suspended: found.suspended === 1 };
    const refusal = refuseModerated(moderation, operation);
    if (refusal !== undefined) return { error: refusal };
    await recordUse(platform, found, remoteAddress);
    return {
      id: found.user_id,
      deviceId: found.device_id,
      tokenHash: found.token_hash,
      guest: found.is_guest === 1,
      ...(found.provider_id !== null && { providerId: found.provider_id }),
    };
  };
}

type FoundToken = Awaited<ReturnType<typeof findToken>>[number];

const findToken = compiledQuery((db, { tokenHash }: { readonly tokenHash: string }) =>
  db
    .selectFrom("hs_access_tokens as token")
    .innerJoin("hs_users as owner", "owner.user_id", "token.user_id")
    .innerJoin("hs_devices as device", (join) =>
      join.onRef("device.user_id", "=", "token.user_id").onRef("device.device_id", "=", "token.device_id"),
    )
    .leftJoin("hs_account_moderation as moderation", "moderation.user_id", "token.user_id")
    .selectAll("token")
    .select(["owner.is_guest", "device.last_seen_at", "moderation.locked", "moderation.suspended"])
    .where("token.token_hash", "=", tokenHash),
);

function expired(): MatrixError {
  return new MatrixError(401, "M_UNKNOWN_TOKEN", "The access token has expired: refresh it, or log in again.", {
    soft_logout: true,
  });
}

const lastSeenPrecision = 60_000;

/** Writes only where there is something to say, because every request comes through here. */
async function recordUse(
  platform: Platform,
  token: FoundToken,
  remoteAddress: TokenUse["remoteAddress"],
): Promise<void> {
  const { db, clock } = platform;
  const now = clock.now();
  const refreshHash = token.first_used_at === null ? token.refresh_token_hash : null;
  if (refreshHash !== null) {
    await withTransaction(db, async () => {
      await endPredecessors(platform, refreshHash);
      await db
        .updateTable("hs_access_tokens")
        .set({ first_used_at: now })
        .where("token_hash", "=", token.token_hash)
        .execute();
    });
  }
  if (token.last_seen_at !== null && now - token.last_seen_at < lastSeenPrecision) return;
  await db
    .updateTable("hs_devices")
    .set({ last_seen_at: now, last_seen_ip: remoteAddress ?? null })
    .where(equal({ user_id: token.user_id, device_id: token.device_id }))
    .execute();
}
