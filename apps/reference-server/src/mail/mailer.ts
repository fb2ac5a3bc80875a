import type { Transporter } from "nodemailer";
import type { Log } from "../process/log.ts";

export interface MailMessage {
  /** One bare address; what looks like a list or a name is refused. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export type SendOutcome =
  | { readonly ok: true }
  /** `rejected`: not this address, ever. `unavailable`: try again later. */
  | { readonly ok: false; readonly reason: "rejected" | "unavailable"; readonly detail: string };

export interface Mailer {
  send(message: MailMessage): Promise<SendOutcome>;
  close(): Promise<void>;
}

interface MailerOptions {
  /** Asked for with the first mail, so that the built-in inbox listens only once somebody writes. */
  readonly smtpUrl: () => string | Promise<string>;
  readonly from: string;
  readonly log: Log;
}

/** Sends through any SMTP server by URL. */
export function createMailer({ smtpUrl, from, log }: MailerOptions): Mailer {
  let opening: Promise<Transporter> | undefined;
  const send = async (message: MailMessage): Promise<SendOutcome> => {
    if (!isOneAddress(message.to)) return { ok: false, reason: "rejected", detail: "it is no email address" };
    try {
      opening ??= openTransport(await smtpUrl());
      const transport = await opening;
      const { to, subject, text, html } = message;
      await transport.sendMail({
        from,
        to: { name: "", address: to },
        subject: subject.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " "),
        text,
        html,
        headers: { "auto-submitted": "auto-generated" },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      return { ok: true };
    } catch (error) {
      const outcome = toFailure(error);
      log.warn("a mail could not be sent", { reason: outcome.reason, detail: outcome.detail });
      return outcome;
    }
  };
  return {
    send,
    async close() {
      const transport = await opening?.catch(() => undefined);
      transport?.close();
    },
  };
}

/** nodemailer is loaded with the first mail: most test runs never send one. */
async function openTransport(url: string): Promise<Transporter> {
  const { createTransport } = await import("nodemailer");
  // Pooled, because a new connection for each mail waits for the server's greeting each time.
  return createTransport({
    url,
    pool: true,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
  });
}

/** Quoted local parts are legal, rare, and the classic way into a header: they are refused. */
function isOneAddress(text: string): boolean {
  return text.length <= 320 && /^[^\s@<>()[\]\\,;:"\p{Cc}]+@[^\s@<>()\\,;"\p{Cc}]+$/u.test(text);
}

function toFailure(error: unknown): Extract<SendOutcome, { ok: false }> {
  const detail = error instanceof Error ? error.message : String(error);
  const code = typeof error === "object" && error !== null && "responseCode" in error ? Number(error.responseCode) : 0;
  return { ok: false, reason: code >= 500 && code < 600 ? "rejected" : "unavailable", detail };
}
