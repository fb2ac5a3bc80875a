import type { SmsMessage } from "../sms/sms-sender.ts";
import type { TokenMessage } from "./validation-sessions.ts";

/** The link that validates an address with one click: a submitToken URL with the session in its query. */
export function submitLink(submitUrl: string, { sid, clientSecret, token }: TokenMessage): string {
  const url = new URL(submitUrl);
  for (const [name, value] of Object.entries({ sid, client_secret: clientSecret, token })) {
    url.searchParams.set(name, value);
  }
  return url.href;
}

interface ValidationSms {
  /** Canonical. */
  readonly to: string;
  readonly token: string;
  /** Who asks: the server's name. */
  readonly serverName: string;
}

/** Short, because a message of more than 160 characters is two; the code first, for phones that offer to copy it. */
export function validationSms({ to, token, serverName }: ValidationSms): SmsMessage {
  return { to, text: `${token} is your code for ${serverName}. If you did not ask for it, ignore it.` };
}
