import { MatrixError } from "@matrix-openapi/server";
import type { Authenticate } from "@matrix-openapi/server";
import { hashToken } from "../../crypto/tokens.ts";
import type { Platform } from "../../platform.ts";
import type { IdentityUser } from "../identity.ts";
import { hasSignedTerms } from "../terms/acceptances.ts";

/**
 * Our own tokens only: one of a homeserver means nothing here. Who has not agreed to the terms may do no more than
 * agree. https://spec.matrix.org/v1.19/identity-service-api/#terms-of-service
 */
export function authenticate(platform: Platform): Authenticate<IdentityUser> {
  return async (token, { operation }) => {
    const tokenHash = hashToken(token);
    const row = await platform.db
      .selectFrom("is_tokens")
      .select("user_id")
      .where("token_hash", "=", tokenHash)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const user = { id: row.user_id, tokenHash };
    if (operation.operationId === "agreeToTerms" || (await hasSignedTerms(platform, user.id))) return user;
    const message = "This server has terms that you have not agreed to: read and accept them at /terms.";
    return { error: new MatrixError(403, "M_TERMS_NOT_SIGNED", message) };
  };
}
