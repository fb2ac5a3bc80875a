import { createToken, hashToken } from "../../crypto/tokens.ts";
import type { Platform } from "../../platform.ts";
import type { DeviceRef } from "../devices/devices.ts";

/** The tokens in the fields in which login, registration and refresh answer with them. */
export interface RefreshableTokens {
  readonly access_token: string;
  readonly expires_in_ms: number;
  readonly refresh_token: string;
}

/** An access token that lives until logout: for clients that asked for no refresh token, and could not renew it. */
export async function issueAccessToken(
  platform: Platform,
  device: DeviceRef,
  accessToken = createToken(platform.random, "access"),
): Promise<{ access_token: string }> {
  await storeAccessToken(platform, device, accessToken, { expires_at: null, refresh_token_hash: null });
  return { access_token: accessToken };
}

/** A short-lived access token and its refresh token: https://spec.matrix.org/v1.19/client-server-api/#refreshing-access-tokens */
export async function issueRefreshableTokens(platform: Platform, device: DeviceRef): Promise<RefreshableTokens> {
  const { accessTokenLifetimeMs, refreshTokenLifetimeMs } = platform.config.tokens;
  const now = platform.clock.now();
  const accessToken = createToken(platform.random, "access");
  const refreshToken = createToken(platform.random, "refresh");
  await platform.db
    .insertInto("hs_refresh_tokens")
    .values({
      token_hash: hashToken(refreshToken),
      ...device,
      created_at: now,
      expires_at: refreshTokenLifetimeMs === null ? null : now + refreshTokenLifetimeMs,
      replaced_by_hash: null,
    })
    .execute();
  await storeAccessToken(platform, device, accessToken, {
    expires_at: now + accessTokenLifetimeMs,
    refresh_token_hash: hashToken(refreshToken),
  });
  return { access_token: accessToken, expires_in_ms: accessTokenLifetimeMs, refresh_token: refreshToken };
}

async function storeAccessToken(
  { db, clock }: Platform,
  device: DeviceRef,
  token: string,
  lifetime: { readonly expires_at: number | null; readonly refresh_token_hash: string | null },
): Promise<void> {
  await db
    .insertInto("hs_access_tokens")
    .values({
      token_hash: hashToken(token),
      ...device,
      created_at: clock.now(),
      first_used_at: null,
      ...lifetime,
    })
    .onConflict((conflict) => conflict.doNothing()) // one that a fixture gives at every start
    .execute();
}
