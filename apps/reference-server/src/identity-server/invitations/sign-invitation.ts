import { error, ok } from "@matrix-openapi/server";
import { signingKeyFromSeed, signJson } from "../../crypto/signing-keys.ts";
import { decodeUnpaddedBase64 } from "../../crypto/unpadded-base64.ts";
import type { Handler, Identity } from "../identity.ts";

/**
 * Signs with the key from the mail for clients that cannot; it is used and forgotten.
 * https://spec.matrix.org/v1.19/identity-service-api/#post_matrixidentityv2sign-ed25519
 */
export function signInvitation({ db, serverName }: Identity): Handler<"blindlySignStuff"> {
  return async ({ body }) => {
    const { mxid, token } = body;
    const invite = await db.selectFrom("is_invites").select("sender").where("token", "=", token).executeTakeFirst();
    if (invite === undefined) return error(404, "M_UNRECOGNIZED", "There is no invitation of this token.");
    const seed = decodeUnpaddedBase64(body.private_key);
    if (seed?.length !== 32) {
      return error(
        400,
        "M_INVALID_PARAM",
        "The private key is not 32 bytes in unpadded Base64: copy it from the mail.",
      );
    }
    return ok(signJson({ mxid, sender: invite.sender, token }, serverName, signingKeyFromSeed(seed, "0")));
  };
}
