import { error, ok } from "@matrix-openapi/server";
import type { components } from "@matrix-openapi/definitions/client-server";
import type { Platform } from "../../platform.ts";
import { canonicalEmail } from "../../threepids/canonical-email.ts";
import { canonicalPhoneNumber } from "../../threepids/phone-number.ts";
import type { Medium } from "../../validation-sessions/validation-sessions.ts";
import { isTrustedIdentityServer } from "./identity-server.ts";
import type { TokenPurpose } from "./purposes.ts";
import { sendToken } from "./send-token.ts";
import { submitUrl } from "./submit-route.ts";

type EmailTokenRequest = components["schemas"]["EmailTokenRequest"];
type MsisdnTokenRequest = components["schemas"]["MsisdnTokenRequest"];

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3registeremailrequesttoken and its like */
export async function requestEmailToken<Refusal>(
  platform: Platform,
  purpose: TokenPurpose<Refusal>,
  body: EmailTokenRequest,
) {
  const address = canonicalEmail(body.email);
  if (address === null) return error(400, "M_INVALID_PARAM", "email is no email address: correct it and try again.");
  return requestToken(platform, purpose, { medium: "email", address, body: { ...body, email: address } });
}

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3registermsisdnrequesttoken and its like */
export async function requestMsisdnToken<Refusal>(
  platform: Platform,
  purpose: TokenPurpose<Refusal>,
  body: MsisdnTokenRequest,
) {
  const address = canonicalPhoneNumber(body.phone_number, body.country);
  if (address === null) {
    return error(400, "M_INVALID_PARAM", "phone_number is no number of that country: correct it and try again.");
  }
  return requestToken(platform, purpose, { medium: "msisdn", address, body });
}

/** A request whose address has been read. */
interface AddressRequest {
  readonly medium: Medium;
  /** Canonical. */
  readonly address: string;
  readonly body: EmailTokenRequest | MsisdnTokenRequest;
}

/**
 * We send the message ourselves, so that it says what for. Where a client still names an identity server, that is left
 * out, as the specification has it for servers that do; only one that we would never talk to is refused.
 * https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3accountpasswordemailrequesttoken
 */
async function requestToken<Refusal>(platform: Platform, purpose: TokenPurpose<Refusal>, request: AddressRequest) {
  const { medium, address, body } = request;
  const idServer = body.id_server;
  if (idServer !== undefined && !isTrustedIdentityServer(platform, idServer)) {
    return error(400, "M_SERVER_NOT_TRUSTED", `This server does not trust ${idServer}.`);
  }
  const refusal = await purpose.refuse(platform, request);
  if (refusal !== undefined) return refusal;

  const { client_secret: clientSecret, send_attempt: sendAttempt, next_link: nextLink } = body;
  const outcome = await sendToken(platform, purpose, { medium, address, clientSecret, sendAttempt, nextLink });
  if (outcome.ok) return ok({ sid: outcome.sid, submit_url: submitUrl(platform.urls) });
  switch (outcome.reason) {
    case "rejected":
      return error(400, "M_INVALID_PARAM", "Messages to this address are refused: use another one.");
    case "unavailable":
      return error(400, "M_UNKNOWN", "The message could not be sent: look at the address, or try again later.");
    case "rate-limited":
      return error(429, "M_LIMIT_EXCEEDED", "Too many messages to this address: wait before you ask for another one.", {
        retry_after_ms: outcome.retryAfterMs,
      });
  }
}
