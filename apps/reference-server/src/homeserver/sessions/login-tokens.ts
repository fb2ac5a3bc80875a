import { createToken, hashToken } from "../../crypto/tokens.ts";
import type { Platform } from "../../platform.ts";

/** A token for one login on another device: https://spec.matrix.org/v1.19/client-server-api/#token-based-user-login */
export async function createLoginToken({ config, db, clock, random }: Platform, userId: string): Promise<string> {
  const token = createToken(random, "login");
  const now = clock.now();
  await db
    .insertInto("hs_login_tokens")
    .values({
      token_hash: hashToken(token),
      user_id: userId,
      created_at: now,
      expires_at: now + config.tokens.loginTokenLifetimeMs,
      used_at: null,
    })
    .execute();
  return token;
}

/** Whose token it is, once; undefined for any that is unknown, used or expired. */
export async function redeemLoginToken({ db, clock }: Platform, tokenHash: string): Promise<string | undefined> {
  const now = clock.now();
  const row = await db
    .updateTable("hs_login_tokens")
    .set({ used_at: now })
    .where("token_hash", "=", tokenHash)
    .where("used_at", "is", null)
    .where("expires_at", ">", now)
    .returning("user_id")
    .executeTakeFirst();
  return row?.user_id;
}
