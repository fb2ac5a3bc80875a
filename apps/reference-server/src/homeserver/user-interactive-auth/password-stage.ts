import { MatrixError, refusedAttempt } from "@matrix-openapi/server";
import type { UiaStage } from "@matrix-openapi/server";
import type { components } from "@matrix-openapi/definitions/client-server";
import type { Platform } from "../../platform.ts";
import { checkPassword, identifyAccount } from "../accounts/password-check.ts";
import type { AccountProof } from "../accounts/credential-generation.ts";
import { limitFailedStages } from "../rate-limits.ts";

type PasswordAuthentication = components["schemas"]["PasswordAuthentication"];

/**
 * An address that nobody has is answered with 403, as the text demands, and not with another challenge:
 * https://spec.matrix.org/v1.19/client-server-api/#password-based
 */
export function passwordStage(platform: Platform): UiaStage {
  return async ({ auth, user, remoteAddress }) => {
    const { identifier, password } = auth as unknown as PasswordAuthentication; // by the validator of `auth`
    const who = await identifyAccount(platform, identifier);
    if (who.account === undefined && identifier.type !== "m.id.user") {
      await limitFailedStages(platform, remoteAddress, 1); // thrown, so not counted with the outcomes
      throw new MatrixError(403, "M_FORBIDDEN", "No account here has this address.");
    }
    // Another account's password is not looked at, or this would be a way to try it.
    if (user !== undefined && who.account?.userId !== user.id) return wrong;
    const matches = await checkPassword(platform, who, password);
    if (who.account?.isDeactivated) return deactivated;
    if (!matches || who.account === undefined) return wrong;
    const { userId, credentialGeneration: generation } = who.account;
    return { ok: true, userId, evidence: { generation } satisfies AccountProof };
  };
}

const wrong = refusedAttempt("M_FORBIDDEN", "The user name or the password is wrong.");
const deactivated = refusedAttempt("M_USER_DEACTIVATED", "This account has been deactivated.");
