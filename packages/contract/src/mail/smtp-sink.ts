import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import type { Mailbox, Message } from "./mailbox.ts";

/** A real SMTP server that takes every mail and keeps it in memory; the server under test is configured to send here. */
export async function startSmtpSink(
  port: number,
  domain = "contract.test",
  host = "127.0.0.1",
): Promise<Mailbox & { readonly port: number }> {
  const messages: Message[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onAuth: (_auth, _session, callback) => callback(null, { user: "anyone" }),
    onData: (stream, session, callback) => {
      simpleParser(stream).then(
        (mail) => {
          for (const { address } of session.envelope.rcptTo) {
            messages.push({ to: address, subject: mail.subject ?? "", text: mail.text ?? "", html: mail.html || "" });
          }
          callback();
        },
        (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
      );
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.server.address();
  return {
    domain,
    port: typeof address === "object" && address !== null ? address.port : port,
    messagesTo: async (to) => messages.filter((message) => message.to.toLowerCase() === to.toLowerCase()),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
