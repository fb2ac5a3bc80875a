import { error, ok } from "@matrix-openapi/server";
import { signingKeyFromSeed } from "../../crypto/signing-keys.ts";
import { createToken } from "../../crypto/tokens.ts";
import { encodeUnpaddedBase64 } from "../../crypto/unpadded-base64.ts";
import { canonicalEmail } from "../../threepids/canonical-email.ts";
import type { Handler, Identity } from "../identity.ts";
import { displayNameOf } from "./display-name.ts";
import { mailOf } from "./invite-mail.ts";
import { forgetInvite, keepInvite } from "./kept-invites.ts";

/**
 * Keeps an invitation for an address until somebody binds it, and tells its owner by mail, which alone holds the
 * private half of the key. https://spec.matrix.org/v1.19/identity-service-api/#post_matrixidentityv2store-invite
 */
export function storeInvite(identity: Identity): Handler<"storeInvite"> {
  const { random, mail, signingKey, urls } = identity;
  const keysUrl = `${urls.identity}/_matrix/identity/v2/pubkey`;
  return async ({ body, user }) => {
    if (body.medium !== "email") {
      return error(400, "M_UNRECOGNIZED", "Invitations are kept for email addresses only: give the medium email.");
    }
    const address = canonicalEmail(body.address);
    if (address === null) return error(400, "M_INVALID_PARAM", "The address is not an email address: correct it.");
    if (body.sender !== user.id) {
      return error(400, "M_INVALID_PARAM", "The sender is not the owner of the access token: invite in your own name.");
    }
    const token = createToken(random, "invite");
    const seed = random.bytes(32);
    const { publicKey } = signingKeyFromSeed(seed, "0");
    const displayName = displayNameOf(address);

    const refusal = await keepInvite(identity, body, { address, token, publicKey, displayName });
    if (refusal !== undefined) return refusal;
    const sent = await mail.send(mailOf(body, address, { token, privateKey: encodeUnpaddedBase64(seed), urls }));
    if (!sent.ok) {
      await forgetInvite(identity, token); // without its key it is of no use to anyone
      return error(400, "M_UNKNOWN", "The mail could not be sent: look at the address, or try again later.");
    }
    return ok({
      token,
      public_keys: [
        { public_key: signingKey.publicKey, key_validity_url: `${keysUrl}/isvalid` },
        { public_key: publicKey, key_validity_url: `${keysUrl}/ephemeral/isvalid` },
      ],
      display_name: displayName,
    });
  };
}
