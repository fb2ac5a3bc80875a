import { refusedAttempt } from "@matrix-openapi/server";
import type { UiaStage } from "@matrix-openapi/server";
import type { Platform } from "../../platform.ts";
import { reserveRegistrationToken } from "./registration-tokens.ts";
import type { RegistrationTokenEvidence } from "./registration-tokens.ts";

/**
 * A token that the administrator has handed out. Unknown, expired and used-up ones look the same.
 * https://spec.matrix.org/v1.19/client-server-api/#token-authenticated-registration
 */
export function registrationTokenStage(platform: Platform): UiaStage {
  return async ({ auth, session }) => {
    const { token } = auth as unknown as RegistrationTokenEvidence; // by the validator of `auth`
    const isReserved = await reserveRegistrationToken(platform, token, session.id);
    return isReserved ? { ok: true, evidence: { token } satisfies RegistrationTokenEvidence } : notValid;
  };
}

const notValid = refusedAttempt("M_UNAUTHORIZED", "This registration token is not, or no longer, valid.");
