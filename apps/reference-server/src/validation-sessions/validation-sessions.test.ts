import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createSeededRandom } from "../crypto/random.ts";
import type { SendOutcome } from "../mail/mailer.ts";
import { createManualClock } from "../process/clock.ts";
import { openDatabase } from "../storage/database.ts";
import type { Database } from "../storage/database.ts";
import { createValidationSessions } from "./validation-sessions.ts";
import type { TokenMessage, TokenRequest, ValidationSessions } from "./validation-sessions.ts";

const day = 24 * 3600 * 1000;
const clock = createManualClock(1_800_000_000_000);
let db: Database;
let sessions: ValidationSessions;
let sent: TokenMessage[];
let answer: SendOutcome;

beforeEach(async () => {
  db = await openDatabase(":memory:", clock);
  sessions = open({ requests: 30, perMs: 60_000 });
  sent = [];
  answer = { ok: true };
});
afterEach(() => db.destroy());

function open(limit: { requests: number; perMs: number } | false): ValidationSessions {
  return createValidationSessions({
    db,
    table: "is_validation_sessions",
    rateLimits: { table: "is_rate_limits", limit },
    clock,
    random: createSeededRandom("sessions"),
    limits: { sessionLifetimeMs: day, maximumAttempts: 3 },
  });
}

const alice: TokenRequest = {
  medium: "email",
  address: "alice@example.org",
  clientSecret: "secret",
  sendAttempt: 1,
  nextLink: undefined,
  purpose: "bind",
};

async function send(message: TokenMessage): Promise<SendOutcome> {
  sent.push(message);
  return answer;
}

async function start(changes: Partial<TokenRequest> = {}): Promise<TokenMessage> {
  await sessions.request({ ...alice, ...changes }, send);
  const message = sent.at(-1);
  if (message === undefined) throw new Error("no message was sent");
  return message;
}

describe("request", () => {
  test("rules 29 and 33: the IDs and tokens fit their grammars", async () => {
    const email = await start();
    const phone = await start({ medium: "msisdn", address: "447700900123" });
    for (const { sid } of [email, phone]) expect(sid).toMatch(/^[0-9a-zA-Z.=_-]{1,255}$/);
    expect(email.token).toMatch(/^[\w-]{43}$/);
    expect(phone.token).toMatch(/^\d{6}$/);
  });

  test("rule 32: sends again for a higher send_attempt only, in the same session", async () => {
    const { sid } = await start({ sendAttempt: 5 });
    for (const sendAttempt of [5, 4, 0]) {
      expect(await sessions.request({ ...alice, sendAttempt }, send)).toEqual({ ok: true, sid });
    }
    expect(sent).toHaveLength(1);
    expect(await sessions.request({ ...alice, sendAttempt: 6 }, send)).toEqual({ ok: true, sid });
    expect(sent).toHaveLength(2);
  });

  test("a first send_attempt of 0 is sent", async () => {
    await start({ sendAttempt: 0 });
    expect(sent).toHaveLength(1);
  });

  test("another secret, address or purpose is another session", async () => {
    const sids = new Set<string>();
    for (const changes of [{}, { clientSecret: "other" }, { address: "bob@example.org" }, { purpose: "add" }]) {
      sids.add((await start(changes)).sid);
    }
    expect(sids.size).toBe(4);
  });

  test("a send_attempt whose message could not be sent may be tried again", async () => {
    answer = { ok: false, reason: "unavailable", detail: "down" };
    expect(await sessions.request(alice, send)).toEqual({ ok: false, reason: "unavailable" });
    await expect(sessions.request(alice, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    answer = { ok: true };
    expect(await sessions.request(alice, send)).toMatchObject({ ok: true });
    expect(sent).toHaveLength(2);
  });

  test("50 simultaneous requests send one message and share one session", async () => {
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => sessions.request(alice, send)));
    expect(sent).toHaveLength(1);
    expect(new Set(outcomes.map((outcome) => (outcome.ok ? outcome.sid : outcome.reason))).size).toBe(1);
  });

  test("limits the messages to one address, whatever the secret, and leaves the attempt for later", async () => {
    sessions = open({ requests: 2, perMs: 60_000 });
    await start({ clientSecret: "one" });
    await start({ clientSecret: "two" });
    const limited = await sessions.request({ ...alice, clientSecret: "three" }, send);
    expect(limited).toMatchObject({ ok: false, reason: "rate-limited" });
    expect(sent).toHaveLength(2);
    clock.advance(60_000);
    expect(await sessions.request({ ...alice, clientSecret: "three" }, send)).toMatchObject({ ok: true });
    expect(sent).toHaveLength(3);
  });
});

describe("submit", () => {
  test("rules 34 and 35: takes the right token and no other", async () => {
    const message = await start();
    expect(await sessions.submit(message, `${message.token}x`)).toEqual({ ok: false, reason: "incorrect" });
    expect(await sessions.submit(message, ` ${message.token}\n`)).toMatchObject({ ok: true, nextLink: null });
    expect(await sessions.submit(message, message.token)).toMatchObject({ ok: true });
    expect(await sessions.submit(message, "wrong")).toEqual({ ok: false, reason: "incorrect" });
  });

  test("rule 38: knows no session by a wrong ID or a wrong secret", async () => {
    const { sid, clientSecret, token } = await start();
    for (const credentials of [
      { sid: "other", clientSecret },
      { sid, clientSecret: "other" },
    ]) {
      expect(await sessions.submit(credentials, token)).toEqual({ ok: false, reason: "unknown-session" });
    }
  });

  test("is over after too many wrong tokens, counted one by one even if they come at once", async () => {
    const message = await start();
    const guesses = await Promise.all(Array.from({ length: 20 }, (_, i) => sessions.submit(message, `guess ${i}`)));
    expect(guesses.filter((guess) => !guess.ok && guess.reason === "incorrect")).toHaveLength(3);
    expect(await sessions.submit(message, message.token)).toEqual({ ok: false, reason: "exhausted" });
    const next = await start();
    expect(next.sid).not.toBe(message.sid);
    expect(next.token).not.toBe(message.token);
    expect(await sessions.submit(next, next.token)).toMatchObject({ ok: true });
  });

  test("rule 37: a session expires a day after its last change", async () => {
    const message = await start();
    clock.advance(day);
    await start({ sendAttempt: 2 });
    clock.advance(day);
    expect(await sessions.submit(message, "wrong")).toEqual({ ok: false, reason: "incorrect" });
    clock.advance(1);
    expect(await sessions.submit(message, message.token)).toEqual({ ok: false, reason: "expired" });
    expect((await start({ sendAttempt: 1 })).sid).not.toBe(message.sid);
  });

  test.each([
    ["https://app.example.org/#/validated", "https://app.example.org/#/validated"],
    ["http://localhost:3000", "http://localhost:3000"],
    ["javascript:alert(1)", null],
    ["data:text/html,hello", null],
    ["https://app.example.org/\r\nSet-Cookie: a=b", "https://app.example.org/Set-Cookie:%20a=b"],
    ["no link", null],
  ])("leads on from %s to %s", async (nextLink, expected) => {
    const message = await start({ nextLink });
    expect(await sessions.submit(message, message.token)).toMatchObject({ ok: true, nextLink: expected });
  });
});

describe("find", () => {
  test("rules 42 and 43: tells what was validated, and when", async () => {
    const message = await start();
    expect(await sessions.find(message)).toEqual({ ok: false, reason: "not-validated" });
    clock.advance(1000);
    await sessions.submit(message, message.token);
    const session = { sid: message.sid, medium: "email", address: alice.address, purpose: "bind" };
    expect(await sessions.find(message)).toEqual({ ok: true, session: { ...session, validatedAt: clock.now() } });
    clock.advance(day);
    await sessions.submit(message, message.token); // changes nothing
    clock.advance(1);
    expect(await sessions.find(message)).toEqual({ ok: false, reason: "expired" });
  });

  test("hides sessions of another purpose, and forgets removed and old ones", async () => {
    const message = await start();
    await sessions.submit(message, message.token);
    expect(await sessions.find(message, ["add", "reset"])).toEqual({ ok: false, reason: "unknown-session" });
    expect(await sessions.find(message, ["bind"])).toMatchObject({ ok: true });
    expect(await sessions.remove(message.sid)).toBe(true);
    expect(await sessions.remove(message.sid)).toBe(false);
    expect(await sessions.find(message)).toEqual({ ok: false, reason: "unknown-session" });
    const old = await start();
    clock.advance(2 * day);
    await sessions.prune();
    expect(await sessions.submit(old, old.token)).toEqual({ ok: false, reason: "expired" });
    clock.advance(6 * day);
    await sessions.prune();
    expect(await sessions.submit(old, old.token)).toEqual({ ok: false, reason: "unknown-session" });
  });
});
