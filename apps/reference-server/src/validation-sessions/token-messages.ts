import type { SendOutcome } from "../mail/mailer.ts";
import { validationMail } from "../mail/messages.ts";
import type { Platform } from "../platform.ts";
import type { TokenMessage, TokenRequest } from "./validation-sessions.ts";

interface TokenMessageWords {
  /** Who asks. */
  readonly serverName: string;
  /** What the address is confirmed for, to follow "to": "reset your password". */
  readonly purpose: string;
  /** Where submitToken is. */
  readonly submitUrl: string;
  /** For clients that take the code in place of the link. */
  readonly showsCode: boolean;
}

/** Sends a mail whose link validates the address with one click, or a text message with a code. */
export function sendTokenMessage(
  { mail, sms, config }: Platform,
  { medium, address: to }: Pick<TokenRequest, "medium" | "address">,
  { serverName, purpose, submitUrl, showsCode }: TokenMessageWords,
  { sid, clientSecret, token }: TokenMessage,
): Promise<SendOutcome> {
  if (medium === "msisdn") {
    // Short, because a message of more than 160 characters is two; the code first, for phones that offer to copy it.
    return sms.send({ to, text: `${token} is your code for ${serverName}. If you did not ask for it, ignore it.` });
  }
  const link = `${submitUrl}?${new URLSearchParams({ sid, client_secret: clientSecret, token })}`;
  const lifetimeMs = config.validation.sessionLifetimeMs;
  return mail.send(validationMail({ to, serverName, purpose, link, lifetimeMs, ...(showsCode && { code: token }) }));
}
