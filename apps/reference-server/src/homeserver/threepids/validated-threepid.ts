import { error } from "@matrix-openapi/server";
import type { UiaGrant } from "@matrix-openapi/server";
import type { Platform } from "../../platform.ts";
import type { ThirdPartyIdentifier } from "../accounts/accounts.ts";
import { validationSessionsOf } from "../../validation-sessions/validation-sessions.ts";

/**
 * What the stages `m.login.email.identity` and `m.login.msisdn` leave behind as evidence: an address whose owner has
 * shown to be there. A type, not an interface, so that it is assignable to JsonValue.
 */
export type ValidatedThreepid = {
  readonly medium: "email" | "msisdn";
  /** In canonical form. */
  readonly address: string;
  /** Milliseconds since the epoch. */
  readonly validatedAt: number;
  /** The validation session. */
  readonly sid: string;
};

/** The addresses that an authentication has validated, for registration to add to the account. */
export function validatedThreepids({ completed, evidence }: UiaGrant): (ValidatedThreepid & ThirdPartyIdentifier)[] {
  return completed
    .filter((stage) => stage === "m.login.email.identity" || stage === "m.login.msisdn")
    .map((stage) => evidence[stage] as ValidatedThreepid); // written by these two stages, see above
}

/**
 * Ends the validations that an authentication has rested on, so that a link which was clicked once does not reset a
 * password twice. Call it in the transaction of the operation; false, and nothing may be done, if another one was faster.
 */
export async function useUpValidations(platform: Platform, grant: UiaGrant): Promise<boolean> {
  const sessions = validationSessionsOf(platform, "hs");
  const removed = await Promise.all(validatedThreepids(grant).map(({ sid }) => sessions.remove(sid)));
  return removed.every(Boolean);
}

export const usedUp = error(
  403,
  "M_FORBIDDEN",
  "This validation of the address has been used already: ask for a new message.",
);
