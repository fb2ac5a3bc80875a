import type { SendOutcome } from "../mail/mailer.ts";
import { OutboundError } from "../outbound/outbound-fetch.ts";
import type { OutboundFetch } from "../outbound/outbound-fetch.ts";
import type { Log } from "../process/log.ts";

export interface SmsMessage {
  /** E.164 without `+`, as Matrix writes it. */
  readonly to: string;
  readonly text: string;
}

export interface SmsSender {
  send(message: SmsMessage): Promise<SendOutcome>;
}

interface SmsSenderOptions {
  readonly webhookUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: OutboundFetch;
  readonly log: Log;
}

/** Posts `{"to", "text"}` to the webhook: 2xx is sent; 400, 404 and 422 are numbers that it will not write to. */
export function createSmsSender({ webhookUrl, headers, fetch, log }: SmsSenderOptions): SmsSender {
  const post = async (message: SmsMessage): Promise<SendOutcome> => {
    try {
      const { status, ok } = await fetch(webhookUrl, {
        method: "POST",
        headers,
        body: JSON.stringify({ to: message.to, text: message.text }),
      });
      if (ok) return { ok: true };
      const isAboutNumber = status === 400 || status === 404 || status === 422;
      return {
        ok: false,
        reason: isAboutNumber ? "rejected" : "unavailable",
        detail: `the SMS webhook answered ${status}`,
      };
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      return { ok: false, reason: "unavailable", detail: error.message };
    }
  };
  return {
    async send(message) {
      const outcome = await post(message);
      if (!outcome.ok) log.warn("a text message could not be sent", { reason: outcome.reason, detail: outcome.detail });
      return outcome;
    },
  };
}
