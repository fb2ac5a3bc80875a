import { connect } from "node:net";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { tokenIn, validationLink } from "./mailbox.ts";
import { startSmtpSink } from "./smtp-sink.ts";

test("takes a mail from anyone and keeps it for its address", async () => {
  const sink = await startSmtpSink(0);
  try {
    await send(sink.port, "Bob@contract.test", [
      "Subject: Please confirm",
      "Content-Type: text/html",
      "",
      '<a href="https://hs.test/submit?sid=1&amp;token=abc">Confirm</a>',
    ]);
    const [message, ...rest] = await sink.messagesTo("bob@contract.test");
    expect(rest).toEqual([]);
    expect(message?.subject).toBe("Please confirm");
    expect(message && validationLink(message)?.href).toBe("https://hs.test/submit?sid=1&token=abc");
    expect(message && tokenIn(message)).toBe("abc");
    expect(await sink.messagesTo("alice@contract.test")).toEqual([]);
  } finally {
    await sink.close();
  }
});

test("finds the code of a message without a link", () => {
  expect(tokenIn({ to: "44", subject: "", text: "Your code is 123456.", html: "" })).toBe("123456");
  expect(tokenIn({ to: "44", subject: "", text: "Hello", html: "" })).toBeUndefined();
});

/** The dialogue of a mail server that delivers one message. */
async function send(port: number, to: string, lines: readonly string[]): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  const answers = createInterface({ input: socket })[Symbol.asyncIterator]();
  const answered = async (): Promise<void> => {
    for (let line = "-"; line[3] === "-" || line === "-";) line = String((await answers.next()).value);
  };
  await answered();
  const dialogue = [
    "EHLO test",
    "MAIL FROM:<hs@test>",
    `RCPT TO:<${to}>`,
    "DATA",
    [...lines, "."].join("\r\n"),
    "QUIT",
  ];
  for (const command of dialogue) {
    socket.write(`${command}\r\n`);
    await answered();
  }
  socket.end();
}
