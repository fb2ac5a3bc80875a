import type { UiaGrant } from "@matrix-openapi/server";
import type { ThirdPartyIdentifier } from "../accounts/accounts.ts";

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
};

/** The addresses that an authentication has validated, for registration to add to the account. */
export function validatedThreepids({ completed, evidence }: UiaGrant): (ValidatedThreepid & ThirdPartyIdentifier)[] {
  return completed
    .filter((stage) => stage === "m.login.email.identity" || stage === "m.login.msisdn")
    .map((stage) => evidence[stage] as ValidatedThreepid); // written by these two stages, see above
}
