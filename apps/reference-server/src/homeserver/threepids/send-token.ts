import { validationMail } from "../../mail/messages.ts";
import type { SendOutcome } from "../../mail/mailer.ts";
import type { Platform } from "../../platform.ts";
import { submitLink, validationSms } from "../../validation-sessions/token-messages.ts";
import type { TokenMessage, TokenRequest, TokenRequestOutcome } from "../../validation-sessions/validation-sessions.ts";
import type { TokenPurpose } from "./purposes.ts";
import { submitUrl } from "./submit-route.ts";
import { validationSessions } from "./validation.ts";

/** Starts or continues a validation session of our own, and sends the link or code by which its owner completes it. */
export function sendToken(
  platform: Platform,
  purpose: TokenPurpose<unknown>,
  request: Omit<TokenRequest, "purpose">,
): Promise<TokenRequestOutcome> {
  return validationSessions(platform).request({ ...request, purpose: purpose.name }, (message) =>
    send(platform, purpose, request, message),
  );
}

function send(
  { mail, sms, config, urls }: Platform,
  { inWords }: TokenPurpose<unknown>,
  { medium, address: to }: Pick<TokenRequest, "medium" | "address">,
  message: TokenMessage,
): Promise<SendOutcome> {
  const { serverName } = config;
  if (medium === "msisdn") return sms.send(validationSms({ to, token: message.token, serverName }));
  return mail.send(
    validationMail({
      to,
      serverName,
      purpose: inWords,
      link: submitLink(submitUrl(urls), message),
      code: message.token,
      lifetimeMs: config.validation.sessionLifetimeMs,
    }),
  );
}
