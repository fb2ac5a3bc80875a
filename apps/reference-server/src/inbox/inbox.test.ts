import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createMailer } from "../mail/mailer.ts";
import type { Mailer } from "../mail/mailer.ts";
import { inviteMail, validationMail } from "../mail/messages.ts";
import { createManualClock } from "../process/clock.ts";
import { createLog } from "../process/log.ts";
import { createInbox } from "./inbox.ts";
import type { Inbox } from "./inbox.ts";
import type { InboxMessage } from "./message-store.ts";

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function start(): { inbox: Inbox; mailer: Mailer } {
  const inbox = createInbox(createManualClock(1000));
  const log = createLog({ level: "silent", format: "json" });
  const mailer = createMailer({ smtpUrl: () => inbox.smtpUrl(), from: "Matrix <no-reply@localhost>", log });
  closing.push(
    () => inbox.close(),
    () => mailer.close(),
  );
  return { inbox, mailer };
}

const get = (inbox: Inbox, path: string, init?: RequestInit) =>
  inbox.application.fetch(new Request(`http://127.0.0.1:8025${path}`, init));

async function messages(inbox: Inbox, to?: string): Promise<readonly InboxMessage[]> {
  const response = await get(inbox, `/api/messages${to === undefined ? "" : `?to=${encodeURIComponent(to)}`}`);
  const body = (await response.json()) as { messages: readonly InboxMessage[] }; // the inbox's own documented answer
  return body.messages;
}

const link = "http://127.0.0.1:8008/submit?token=a&sid=b%20c";

test("a validation mail goes over SMTP and arrives with its link, whole", async () => {
  const { inbox, mailer } = start();
  const mail = validationMail({
    to: "Alice@example.org",
    serverName: "localhost",
    purpose: "reset a password",
    link,
    lifetimeMs: 3_600_000,
  });
  expect(await mailer.send(mail)).toEqual({ ok: true });
  const [message] = await messages(inbox, "alice@EXAMPLE.org");
  expect(message).toMatchObject({
    medium: "email",
    to: ["Alice@example.org"],
    from: '"Matrix" <no-reply@localhost>',
    subject: "Confirm your email address for localhost",
    links: [link],
    receivedAt: 1000,
  });
  expect(message?.html).toContain(link.replace("&", "&amp;"));
  expect(await messages(inbox, "bob@example.org")).toEqual([]);
});

test("an invitation names inviter and room, and no name of a stranger becomes a header, a line or markup", async () => {
  const { inbox, mailer } = start();
  const mail = inviteMail({
    to: "bob@example.org",
    senderUserId: "@alice:localhost",
    senderName: "Alice\r\nBcc: victim@example.org\r\n\r\nhello",
    roomName: "<script>alert(1)</script>\u2028Ünïcode",
    roomId: "!room:localhost",
    link,
  });
  await mailer.send(mail);
  const [message, ...others] = await messages(inbox);
  expect(others).toEqual([]);
  expect(message?.to).toEqual(["bob@example.org"]);
  expect(message?.subject).toBe("Alice Bcc: hello invited you to <script>alert(1)</script> Ünïcode on Matrix");
  expect(message?.text).toContain("(@alice:localhost) invited you to the room");
  expect(message?.html).not.toContain("<script>");
});

test.each([
  "a@b, c@d",
  "a@b\r\nRCPT TO:<c@d>",
  "Eve <a@b>",
  "not an address",
  "@b",
  "a@",
  '"a b"@c',
  `${"a".repeat(320)}@b`,
])("%j is no recipient", async (to) => {
  const { inbox, mailer } = start();
  expect(await mailer.send({ to, subject: "s", text: "t", html: "h" })).toMatchObject({
    ok: false,
    reason: "rejected",
  });
  expect(await messages(inbox)).toEqual([]);
});

test("a server that is away is told apart from one that refuses", async () => {
  const log = createLog({ level: "silent", format: "json" });
  const away = createMailer({ smtpUrl: () => "smtp://127.0.0.1:1", from: "a@b", log });
  expect(await away.send({ to: "a@b", subject: "s", text: "t", html: "h" })).toMatchObject({
    ok: false,
    reason: "unavailable",
  });
  const { mailer, inbox } = start();
  const large = await mailer.send({ to: "a@b", subject: "s", text: "x\n".repeat(600_000), html: "h" });
  expect(large).toMatchObject({ ok: false, reason: "rejected" });
  expect(await messages(inbox)).toEqual([]);
});

test("the catcher outlives a client that hangs up in the middle", async () => {
  const { inbox, mailer } = start();
  const { port } = new URL(await inbox.smtpUrl());
  const socket = connect(Number(port), "127.0.0.1");
  await new Promise<void>((resolve) => socket.once("data", () => resolve()));
  socket.write("EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nhalf");
  socket.destroy();
  expect(await mailer.send({ to: "a@b", subject: "s", text: "t", html: "h" })).toEqual({ ok: true });
  expect(await messages(inbox)).toHaveLength(1);
});

const sms = (body: string, headers: Record<string, string> = { "content-type": "application/json" }) => ({
  method: "POST",
  headers: { "content-length": String(Buffer.byteLength(body)), ...headers },
  body,
});

test("text messages come in by the webhook; what is none is refused with what is expected", async () => {
  const { inbox } = start();
  expect((await get(inbox, "/api/sms", sms('{"to": "491701234567", "text": "Code 123456"}'))).status).toBe(200);
  expect(await messages(inbox, "491701234567")).toMatchObject([{ medium: "msisdn", text: "Code 123456", html: null }]);
  expect((await get(inbox, "/api/sms", sms('{"to": 1}'))).status).toBe(400);
  expect((await get(inbox, "/api/sms", sms("{"))).status).toBe(400);
  expect((await get(inbox, "/api/sms", sms("{}", { "content-type": "text/plain" }))).status).toBe(415);
  expect(
    (await get(inbox, "/api/sms", sms("{}", { "content-type": "application/json", "content-length": "99999" }))).status,
  ).toBe(413);
});

test("pages show strangers' text escaped, and their HTML only under a sandbox", async () => {
  const { inbox, mailer } = start();
  const evil = "<img src=x onerror=alert(1)>";
  await mailer.send({ to: "a@b", subject: evil, text: `${evil} https://example.org/x.`, html: evil });
  const list = await (await get(inbox, "/")).text();
  expect(list).toContain("&lt;img src=x");
  expect(list).not.toContain(evil);
  const page = await get(inbox, "/messages/1");
  const text = await page.text();
  expect(text).not.toContain(evil);
  expect(text).toContain('href="https://example.org/x"');
  expect(page.headers.get("content-security-policy")).toMatch(/^default-src 'none'; style-src 'sha256-/);
  const frame = await get(inbox, "/messages/1/html");
  expect(frame.headers.get("content-security-policy")).toMatch(/^sandbox; default-src 'none'/);
  expect((await get(inbox, "/messages/2")).status).toBe(404);
  expect((await get(inbox, "/nothing")).status).toBe(404);
});

test("other sites can neither read nor delete: not by another name for loopback, not across origins", async () => {
  const { inbox } = start();
  await get(inbox, "/api/sms", sms('{"to": "1", "text": "secret"}'));
  const rebound = await inbox.application.fetch(new Request("http://evil.example:8025/api/messages"));
  expect(rebound.status).toBe(403);
  const across = { method: "DELETE", headers: { origin: "https://evil.example" } };
  expect((await get(inbox, "/api/messages", across)).status).toBe(403);
  expect(await messages(inbox)).toHaveLength(1);
  expect((await get(inbox, "/api/messages", { method: "DELETE" })).status).toBe(200);
  expect(await messages(inbox)).toEqual([]);
});

test("the inbox is bounded: the oldest makes room", async () => {
  const { inbox } = start();
  for (let i = 1; i <= 1001; i++) await get(inbox, "/api/sms", sms(`{"to": "${i}", "text": "x"}`));
  const kept = await messages(inbox);
  expect([kept.length, kept[0]?.to, kept.at(-1)?.to]).toEqual([1000, ["1001"], ["2"]]);
});
