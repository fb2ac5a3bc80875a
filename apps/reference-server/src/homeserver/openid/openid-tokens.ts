import { createToken, hashToken } from "../../crypto/tokens.ts";
import type { Platform } from "../../platform.ts";

/** A token that shows who the user is and authorises nothing: https://spec.matrix.org/v1.19/client-server-api/#openid */
export async function createOpenIdToken({ config, db, clock, random }: Platform, userId: string): Promise<string> {
  const token = createToken(random, "openId");
  const now = clock.now();
  await db
    .insertInto("hs_openid_tokens")
    .values({
      token_hash: hashToken(token),
      user_id: userId,
      created_at: now,
      expires_at: now + config.tokens.openIdTokenLifetimeMs,
    })
    .execute();
  return token;
}

/** Whose token it is; a third party may ask as often as it likes until the token expires. */
export async function findOpenIdUser({ db, clock }: Platform, token: string): Promise<string | undefined> {
  const row = await db
    .selectFrom("hs_openid_tokens")
    .innerJoin("hs_users", "hs_users.user_id", "hs_openid_tokens.user_id")
    .select("hs_users.user_id")
    .where("token_hash", "=", hashToken(token))
    .where("expires_at", ">", clock.now())
    // A token asked for while the account was being deactivated shows nobody.
    .where("deactivated_at", "is", null)
    .executeTakeFirst();
  return row?.user_id;
}
