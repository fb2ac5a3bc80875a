import { operations } from "@matrix-openapi/definitions/identity/operations";
import { error, ok } from "@matrix-openapi/server";
import { canonicalEmail } from "../../threepids/canonical-email.ts";
import { canonicalPhoneNumber } from "../../threepids/phone-number.ts";
import { sendTokenMessage } from "../../validation-sessions/token-messages.ts";
import type { Medium } from "../../validation-sessions/validation-sessions.ts";
import type { Identity, SomeHandlers } from "../identity.ts";

/** https://spec.matrix.org/v1.19/identity-service-api/#establishing-associations */
export function requestTokenHandlers(identity: Identity) {
  const { sessions, serverName, urls } = identity;
  const purpose = "let other people find you by it on Matrix";
  const words = {
    serverName,
    purpose,
    submitUrl: urls.identity + operations.emailSubmitTokenGet.path,
    showsCode: false,
  };

  /** Sessions of an identity server serve one purpose: to bind the address. */
  const start = (medium: Medium, address: string, body: TokenRequestBody) => {
    const { client_secret: clientSecret, send_attempt: sendAttempt, next_link: nextLink } = body;
    const request = { medium, address, clientSecret, sendAttempt, nextLink, purpose: "bind" };
    return sessions.request(request, (message) => sendTokenMessage(identity, request, words, message));
  };

  return {
    async emailRequestToken({ body }) {
      const to = canonicalEmail(body.email);
      if (to === null) return error(400, "M_INVALID_EMAIL", "This is not an email address: correct it and try again.");
      const outcome = await start("email", to, body);
      if (outcome.ok) return ok({ sid: outcome.sid });
      if (outcome.reason === "rate-limited") return tooMany(outcome.retryAfterMs);
      return error(400, "M_EMAIL_SEND_ERROR", "The mail could not be sent: look at the address, or try again later.");
    },
    async msisdnRequestToken({ body }) {
      const to = canonicalPhoneNumber(body.phone_number, body.country);
      if (to === null) {
        return error(400, "M_INVALID_ADDRESS", "This is not a phone number of that country: correct it and try again.");
      }
      const outcome = await start("msisdn", to, body);
      if (outcome.ok) return ok({ sid: outcome.sid });
      switch (outcome.reason) {
        case "rate-limited":
          return tooMany(outcome.retryAfterMs);
        case "rejected":
          return error(400, "M_DESTINATION_REJECTED", "Messages to this number are not possible: use another one.");
        case "unavailable":
          return error(400, "M_SEND_ERROR", "The message could not be sent: try again later.");
      }
    },
  } satisfies SomeHandlers;
}

interface TokenRequestBody {
  readonly client_secret: string;
  readonly send_attempt: number;
  readonly next_link?: string;
}

function tooMany(retryAfterMs: number) {
  return error(429, "M_LIMIT_EXCEEDED", "Too many messages to this address: wait before you ask for another one.", {
    retry_after_ms: retryAfterMs,
  });
}
