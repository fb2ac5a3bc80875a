import type { components } from "@matrix-openapi/definitions/client-server";
import type { Platform } from "../../platform.ts";
import { canonicalPhoneNumber } from "../../threepids/phone-number.ts";
import { limitLogins } from "../rate-limits.ts";
import { canonicalThreepid } from "../../threepids/canonical-threepid.ts";
import { findAccount, findAccountByThreepid } from "./accounts.ts";
import type { Account, ThirdPartyIdentifier } from "./accounts.ts";
import { ownUserId } from "./user-id.ts";

export type UserIdentifier = components["schemas"]["UserIdentifier"];

/** Whom an identifier names; without an account the password is checked all the same, so that nothing tells. */
interface Identified {
  readonly account: Account | undefined;
  /** Whom failed passwords are counted for. */
  readonly countedAs: string;
}

/** https://spec.matrix.org/v1.19/client-server-api/#identifier-types */
export async function identifyAccount(platform: Platform, identifier: UserIdentifier): Promise<Identified> {
  if (identifier.type === "m.id.user") {
    const userId = ownUserId(platform, identifier.user);
    const account = userId === undefined ? undefined : await findAccount(platform.db, userId);
    return { account, countedAs: userId ?? identifier.user };
  }
  const threepid = threepidOf(identifier);
  if (threepid === null) return { account: undefined, countedAs: "nobody" };
  const account = await findAccountByThreepid(platform.db, threepid);
  return { account, countedAs: account?.userId ?? `${threepid.medium}:${threepid.address}` };
}

/**
 * Whether it is that account's password. Throws the 429 once too many were wrong; that is asked again after the check,
 * so that guesses made side by side gain nothing.
 */
export async function checkPassword(platform: Platform, who: Identified, password: string): Promise<boolean> {
  await limitLogins(platform, who.countedAs, 0);
  const matches = await platform.passwords.verify(password, who.account?.passwordHash ?? null);
  await limitLogins(platform, who.countedAs, matches ? 0 : 1);
  return matches;
}

function threepidOf(identifier: Exclude<UserIdentifier, { type: "m.id.user" }>): ThirdPartyIdentifier | null {
  if (identifier.type === "m.id.thirdparty") return canonicalThreepid(identifier.medium, identifier.address);
  const address = canonicalPhoneNumber(identifier.phone, identifier.country);
  return address === null ? null : { medium: "msisdn", address };
}
