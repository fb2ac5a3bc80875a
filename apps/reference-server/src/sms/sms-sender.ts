import type { SendOutcome } from "../mail/mailer.ts";

export interface SmsMessage {
  /** E.164 without `+`, as Matrix writes it. */
  readonly to: string;
  readonly text: string;
}

export interface SmsSender {
  send(message: SmsMessage): Promise<SendOutcome>;
}
