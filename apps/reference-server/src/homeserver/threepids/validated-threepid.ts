import { error } from "@matrix-openapi/server";
import type { UiaGrant } from "@matrix-openapi/server";
import type { Platform } from "../../platform.ts";
import { validationSessionsOf } from "../../validation-sessions/validation-sessions.ts";
import type { ValidatedSession } from "../../validation-sessions/validation-sessions.ts";

/** The addresses that an authentication has validated, for registration to add to the account. */
export function validatedThreepids({ completed, evidence }: UiaGrant): ValidatedSession[] {
  return completed
    .filter((stage) => stage === "m.login.email.identity" || stage === "m.login.msisdn")
    .map((stage) => evidence[stage] as ValidatedSession); // what these two stages leave behind
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
