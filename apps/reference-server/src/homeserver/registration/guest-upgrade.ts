import { error } from "@matrix-openapi/server";
import { hashToken } from "../../crypto/tokens.ts";
import type { Platform } from "../../platform.ts";
import { findAccount } from "../accounts/accounts.ts";
import type { Account } from "../accounts/accounts.ts";
import { endSessions } from "../sessions/end-sessions.ts";

/**
 * Why this token does not let its bearer become that user, or undefined: a guest keeps the name it has been given.
 * https://spec.matrix.org/v1.19/client-server-api/#guest-access
 */
export async function refuseGuestUpgrade(platform: Platform, guestToken: string, username: string | undefined) {
  const guest = await findGuest(platform, guestToken);
  if (guest === undefined) return error(403, "M_FORBIDDEN", "guest_access_token is not, or no longer, a guest's.");
  if (guest.localpart === username) return undefined;
  return error(403, "M_FORBIDDEN", `username must be the guest's own, ${guest.localpart}, to become a user.`);
}

/** Makes the guest a user; its guest session ends, in favour of the one that registration opens. */
export async function upgradeGuest(
  platform: Platform,
  guestToken: string,
  passwordHash: string | null,
): Promise<Account | undefined> {
  const guest = await findGuest(platform, guestToken);
  if (guest === undefined) return undefined;
  await platform.db
    .updateTable("hs_users")
    .set({ is_guest: 0, password_hash: passwordHash })
    .where("user_id", "=", guest.userId)
    .execute();
  await endSessions(platform, guest.userId);
  return findAccount(platform.db, guest.userId);
}

async function findGuest({ db }: Platform, guestToken: string): Promise<Account | undefined> {
  const token = await db
    .selectFrom("hs_access_tokens")
    .select("user_id")
    .where("token_hash", "=", hashToken(guestToken))
    .executeTakeFirst();
  const account = token && (await findAccount(db, token.user_id));
  return account?.isGuest ? account : undefined;
}
