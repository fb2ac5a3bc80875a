import { refusedAttempt } from "@matrix-openapi/server";
import type { UiaAttemptOutcome, UiaStage } from "@matrix-openapi/server";
import type { Platform } from "../../platform.ts";
import type { Medium, ValidatedSession } from "../../validation-sessions/validation-sessions.ts";
import type { AccountProof } from "../accounts/credential-generation.ts";
import { findAccountByThreepid } from "../accounts/accounts.ts";
import { findValidation } from "../threepids/find-validation.ts";
import type { ThreepidCredentials } from "../threepids/find-validation.ts";

/**
 * An address whose owner has followed the link, or given the code, that was sent there. Registration learns the address
 * by it; elsewhere it proves the account that the address was added to.
 * https://spec.matrix.org/v1.19/client-server-api/#email-based-identity--homeserver
 */
export function threepidStage(platform: Platform, medium: Medium): UiaStage {
  return async ({ auth, session }) => {
    const credentials = auth["threepid_creds"] as ThreepidCredentials; // by the validator of `auth`
    const registers = session.operationId === "register";
    const found = await findValidation(platform, credentials, registers ? "register" : "password");
    if (!found.ok) return refusals[found.reason];
    if (found.session.medium !== medium) return refusals["unknown-session"];
    return registers ? { ok: true, evidence: found.session } : provesAccount(platform, found.session);
  };
}

async function provesAccount(platform: Platform, threepid: ValidatedSession): Promise<UiaAttemptOutcome> {
  const account = await findAccountByThreepid(platform.db, threepid);
  if (account === undefined || account.isDeactivated) return nobodys;
  const { userId, credentialGeneration: generation } = account;
  return { ok: true, userId, evidence: { ...threepid, generation } satisfies ValidatedSession & AccountProof };
}

/** Clients repeat the attempt until the person has followed the link: this is no guess, and not counted as one. */
export const notValidatedYet = refusedAttempt(
  "M_UNAUTHORIZED",
  "The address is not validated yet: follow the link or give the code first.",
);

const refusals = {
  "not-validated": notValidatedYet,
  expired: refusedAttempt("M_THREEPID_AUTH_FAILED", "The validation of the address is too old: ask for a new message."),
  "unknown-session": refusedAttempt(
    "M_THREEPID_AUTH_FAILED",
    "There is no such validation of an address: ask for a message.",
  ),
};

const nobodys = refusedAttempt("M_THREEPID_AUTH_FAILED", "This address belongs to no account.");
