import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import type { SMTPServerDataStream, SMTPServerSession } from "smtp-server";
import type { MessageStore } from "./message-store.ts";

export interface SmtpCatcher {
  readonly url: string;
  close(): Promise<void>;
}

/** Larger mails are refused, as a real server would. */
const maximumBytes = 1024 * 1024;

/** A real SMTP server on a free loopback port that takes any mail for anyone, and puts it into the store. */
export async function startSmtpCatcher(store: MessageStore): Promise<SmtpCatcher> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"], // loopback: there is nobody to hide from, and no certificate
    disableReverseLookup: true,
    closeTimeout: 500,
    size: maximumBytes,
    onData(stream, session, callback) {
      receive(stream, session, store).then(
        () => callback(),
        (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
      );
    },
  });
  server.on("error", () => {}); // a client that hangs up is no concern of ours
  await new Promise<void>((resolve, reject) => {
    server.server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  // listening on TCP, so the address is no string
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function receive(stream: SMTPServerDataStream, session: SMTPServerSession, store: MessageStore): Promise<void> {
  const source = await buffer(limited(stream));
  if (stream.sizeExceeded) {
    throw Object.assign(new Error(`the message is larger than ${maximumBytes} bytes`), { responseCode: 552 });
  }
  const mail = await simpleParser(source, { skipTextToHtml: true, skipImageLinks: true });
  store.add({
    medium: "email",
    from: mail.from?.text ?? "",
    to: session.envelope.rcptTo.map(({ address }) => address),
    subject: mail.subject ?? "",
    text: mail.text ?? "",
    html: mail.html || null,
  });
}

/** The stream has to be read to its end before it can be refused, but not to be kept. */
async function* limited(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length <= maximumBytes) yield chunk;
  }
}
