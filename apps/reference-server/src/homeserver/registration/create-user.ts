import { error, ok } from "@matrix-openapi/server";
import type { UiaGrant } from "@matrix-openapi/server";
import { randomIdentifier } from "../../crypto/random.ts";
import { addThreepid, createAccount } from "../accounts/accounts.ts";
import type { Account } from "../accounts/accounts.ts";
import type { HandlerContext, Home } from "../home.ts";
import { limitRegistrations } from "../rate-limits.ts";
import { openSession } from "../sessions/open-session.ts";
import { usedUp, useUpValidations, validatedThreepids } from "../threepids/validated-threepid.ts";
import { countRegistrationToken } from "../user-interactive-auth/registration-tokens.ts";
import { upgradeGuest } from "./guest-upgrade.ts";
import { recordTermsAcceptance } from "./terms-acceptance.ts";
import { usernameTaken } from "./username.ts";

interface UserToCreate {
  readonly request: HandlerContext<"register">["body"];
  readonly passwordHash: string | null;
  readonly grant: UiaGrant;
  readonly remoteAddress: string | undefined;
  /** False for application services that are trusted with any number. */
  readonly isLimited?: boolean;
}

/**
 * The account with all that its authentication has shown, and its first session. It runs in one transaction, so that
 * an account exists whole or not at all, and a name that was lost since the first check is noticed.
 */
export async function createUser(
  home: Home,
  { request, passwordHash, grant, remoteAddress, isLimited = true }: UserToCreate,
) {
  if (isLimited) await limitRegistrations(home, remoteAddress);
  const account = await claimAccount(home, request, passwordHash);
  if (account === undefined) return usernameTaken;
  for (const threepid of validatedThreepids(grant)) {
    if (!(await addThreepid(home, account.userId, threepid))) return threepidTaken;
  }
  if (!(await useUpValidations(home, grant))) return usedUp;
  await countRegistrationToken(home.db, grant);
  if (grant.completed.includes("m.login.terms")) await recordTermsAcceptance(home, account.userId);
  if (request.inhibit_login === true) return ok({ user_id: account.userId });
  return ok(await openSession(home, account.userId, request));
}

const threepidTaken = error(400, "M_THREEPID_IN_USE", "The address that you validated belongs to another account.");

async function claimAccount(
  home: Home,
  { username, guest_access_token: guestToken }: UserToCreate["request"],
  passwordHash: string | null,
): Promise<Account | undefined> {
  if (guestToken !== undefined) return upgradeGuest(home, guestToken, passwordHash);
  if (username !== undefined) return createAccount(home, { localpart: username, passwordHash, isGuest: false });
  return createUnnamedAccount(home, { passwordHash, isGuest: false });
}

/** An account under a name that the server makes up. */
export async function createUnnamedAccount(
  home: Home,
  account: { readonly passwordHash: string | null; readonly isGuest: boolean },
): Promise<Account> {
  for (;;) {
    const localpart = randomIdentifier(home.random, 12).toLowerCase();
    const created = await createAccount(home, { localpart, ...account });
    if (created !== undefined) return created;
  }
}
