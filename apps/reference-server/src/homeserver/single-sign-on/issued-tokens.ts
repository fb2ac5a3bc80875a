import { hashToken, isOwnToken } from "../../crypto/tokens.ts";
import { withTransaction } from "../../storage/database.ts";
import { findAccount } from "../accounts/accounts.ts";
import { createDevice } from "../devices/devices.ts";
import type { Home } from "../home.ts";
import { shareWork } from "../share-work.ts";
import { introspect } from "./introspect.ts";
import { ssoAccount } from "./sso-accounts.ts";

/** So long an answer is relied on, which is how long a token that is revoked stays good at most. */
const trustedMs = 60_000;
const mostAtOnce = 100;

/**
 * Takes an access token of a provider as one of ours for a while, with its account and its device where they are new;
 * false where no provider vouches for it. https://spec.matrix.org/v1.19/client-server-api/#oauth-20-api
 */
export function issuedTokens(home: Home): (token: string, remoteAddress: string | undefined) => Promise<boolean> {
  const { config, db, clock } = home;
  const share = shareWork<boolean>(mostAtOnce);

  async function take(token: string, remoteAddress: string | undefined): Promise<boolean> {
    for (const provider of config.sso.providers) {
      const { id, introspectionUrl } = provider;
      if (introspectionUrl === undefined) continue;
      const issued = await introspect(home, provider, introspectionUrl, token);
      const expiresAt = Math.min(issued?.expiresAt ?? Infinity, clock.now() + trustedMs);
      if (issued === undefined || expiresAt <= clock.now()) continue;
      const userId = await ssoAccount(home, id, issued.identity, remoteAddress);
      return withTransaction(db, () => store({ token, userId, deviceId: issued.deviceId, providerId: id, expiresAt }));
    }
    return false;
  }

  async function store({ token, userId, deviceId, providerId, expiresAt }: TakenToken): Promise<boolean> {
    if ((await findAccount(db, userId))?.isDeactivated !== false) return false;
    await createDevice(home, userId, deviceId, undefined);
    const key = { token_hash: hashToken(token), user_id: userId, device_id: deviceId, provider_id: providerId };
    await db
      .insertInto("hs_access_tokens")
      .values({ ...key, created_at: clock.now(), expires_at: expiresAt })
      .onConflict((conflict) => conflict.column("token_hash").doUpdateSet({ expires_at: expiresAt }))
      .execute();
    return true;
  }

  return async (token, remoteAddress) => !isOwnToken(token) && share(token, () => take(token, remoteAddress));
}

interface TakenToken {
  readonly token: string;
  readonly userId: string;
  readonly deviceId: string;
  readonly providerId: string;
  readonly expiresAt: number;
}
