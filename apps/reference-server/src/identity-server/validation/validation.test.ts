import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLoopbackServer } from "../../fixtures/loopback-server.ts";
import { hour, peerName, runIdentityServer } from "../fixtures/running-identity-server.ts";
import type { RunningIdentityServer, StartedSession } from "../fixtures/running-identity-server.ts";

let running: RunningIdentityServer;
let token: string;

beforeAll(async () => {
  running = await runIdentityServer({ validation: { maximumAttempts: 3 } });
  token = await running.register(`@alice:${peerName}`);
});
afterAll(() => running[Symbol.asyncDispose]());

function request(medium: "email" | "msisdn", body: object) {
  const whole = { client_secret: "a-secret", send_attempt: 1, ...body };
  return running.call("POST", `/v2/validate/${medium}/requestToken`, { token, body: whole });
}

const bad = (errcode: string) => ({ status: 400, body: { errcode } });

const media = [
  { medium: "email", address: "bob@example.org" },
  { medium: "msisdn", address: "447700900123" },
] as const;

describe.each(media)("$medium", ({ medium, address }) => {
  const submitPath = `/v2/validate/${medium}/submitToken`;
  const post = (session: StartedSession, changes: object = {}) =>
    running.call("POST", submitPath, { token, body: { ...session, ...changes } });
  const follow = (query: Record<string, string>) => running.call("GET", submitPath, { query });

  test("rules 29 and 34: the token from the message validates the address", async () => {
    const session = await running.startSession(token, address);
    expect(session.sid).toMatch(/^[0-9a-zA-Z.=_-]{1,255}$/);
    expect(await post(session)).toMatchObject({ status: 200, body: { success: true } });
  });

  test("rules 35, 36, 37 and 38: what POST answers instead", async () => {
    const session = await running.startSession(token, address);
    expect(await post(session, { token: "wrong" })).toMatchObject(bad("M_TOKEN_INCORRECT"));
    expect(await post(session, { sid: "unknown" })).toMatchObject(bad("M_INVALID_PARAM"));
    expect(await post(session, { client_secret: "unknown" })).toMatchObject(bad("M_INVALID_PARAM"));
    expect(await post(session, { sid: "not valid!" })).toMatchObject(bad("M_INVALID_PARAM"));
    expect(await post(session, { token: "x".repeat(256) })).toMatchObject(bad("M_INVALID_PARAM"));
    running.clock.advance(24 * hour + 1);
    expect(await post(session)).toMatchObject(bad("M_SESSION_EXPIRED"));
  });

  test("attempts are limited", async () => {
    const session = await running.startSession(token, address);
    for (let i = 0; i < 3; i++) expect((await post(session, { token: "wrong" })).status).toBe(400);
    expect(await post(session)).toMatchObject({ status: 400, body: { errcode: "M_SESSION_EXPIRED" } });
  });

  test("rule 40: GET is a page for a person, and under a strict policy", async () => {
    const session = await running.startSession(token, address);
    const { sid, client_secret } = session;
    const { token: _right, ...withoutToken } = session;
    const failures = [
      { sid, client_secret, token: "wrong" },
      { sid: "unknown", client_secret, token: session.token },
      withoutToken,
      { ...session, sid: "<script>alert(1)</script>" },
    ];
    for (const query of failures) {
      const page = await follow(query as Record<string, string>);
      expect(page.status).toBe(400);
      expect(page.headers.get("content-type")).toMatch(/^text\/html/);
      expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(page.headers.get("access-control-allow-origin")).toBe("*");
      expect(page.text).not.toContain("<script>");
    }
    const undecodable = `${running.server.identity}/_matrix/identity${submitPath}?sid=a&client_secret=b&token=%FF`;
    expect((await fetch(undecodable)).status).toBe(400);

    const page = await follow({ ...session });
    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toMatch(/^text\/html/);
    expect(page.text).toContain(address);
    expect(page.headers.get("referrer-policy")).toBe("no-referrer");
  });
});

describe("requestToken", () => {
  test("rule 30: wants a well-formed client_secret", async () => {
    for (const client_secret of ["", "with space", "x".repeat(256)]) {
      expect(await request("email", { email: "dan@example.org", client_secret })).toMatchObject(bad("M_INVALID_PARAM"));
    }
  });

  test("rule 31: refuses what is no address", async () => {
    for (const email of ["", "nobody", "a@b@c", "dan@example.org, eve@example.org"]) {
      expect(await request("email", { email })).toMatchObject({ status: 400, body: { errcode: "M_INVALID_EMAIL" } });
    }
    for (const phone_number of ["12", "nonsense", "+44 7700 900123 000 000 000"]) {
      const answer = await request("msisdn", { country: "GB", phone_number });
      expect(answer).toMatchObject({ status: 400, body: { errcode: "M_INVALID_ADDRESS" } });
    }
    expect(await request("msisdn", { country: "ZZ", phone_number: "07700 900123" })).toMatchObject({
      status: 400,
      body: { errcode: "M_INVALID_ADDRESS" },
    });
  });

  test("rule 32: one message for each higher send_attempt, to the canonical address", async () => {
    const first = await request("email", { email: "Erin@Example.ORG", send_attempt: 2 });
    for (const send_attempt of [2, 1]) {
      expect((await request("email", { email: "erin@example.org", send_attempt })).body).toEqual(first.body);
    }
    expect(await running.messages("erin@example.org")).toHaveLength(1);
    expect((await request("email", { email: "erin@example.org", send_attempt: 3 })).body).toEqual(first.body);
    expect(await running.messages("erin@example.org")).toHaveLength(2);
  });

  test("rule 40: following the link leads on to next_link, submitting it does not", async () => {
    const next_link = "https://app.example.org/#/validated";
    for (const [email, link, status] of [
      ["frank@example.org", next_link, 302],
      ["grace@example.org", "javascript:alert(1)", 200],
    ] as const) {
      await request("email", { email, next_link: link });
      const [message] = await running.messages(email);
      const mailed = new URL(message?.links[0] ?? "");
      const session = Object.fromEntries(mailed.searchParams);
      const posted = await running.call("POST", mailed.pathname.replace("/_matrix/identity", ""), {
        token,
        body: session,
      });
      expect(posted).toMatchObject({ status: 200, body: { success: true } });
      const followed = await fetch(mailed, { redirect: "manual" });
      expect(followed.status).toBe(status);
      expect(followed.headers.get("location")).toBe(status === 302 ? next_link : null);
    }
  });

  test("50 at once send one mail", async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => request("email", { email: "heidi@example.org" })),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await running.messages("heidi@example.org")).toHaveLength(1);
  });
});

test("rule 31: a server that cannot send says so, and takes the same attempt again", async () => {
  await using cut = await runIdentityServer({
    mail: { smtpUrl: "smtp://127.0.0.1:1" },
    sms: { webhookUrl: "http://127.0.0.1:1/" },
    rateLimits: { requestToken: { requests: 2, perMs: hour } },
  });
  const own = await cut.register(`@alice:${peerName}`);
  const common = { client_secret: "a-secret", send_attempt: 1 };
  const ask = (medium: string, body: object) =>
    cut.call("POST", `/v2/validate/${medium}/requestToken`, { token: own, body: { ...common, ...body } });
  for (const errcode of ["M_EMAIL_SEND_ERROR", "M_EMAIL_SEND_ERROR"]) {
    expect(await ask("email", { email: "ivan@example.org" })).toMatchObject({ status: 400, body: { errcode } });
  }
  const limited = await ask("email", { email: "ivan@example.org" });
  expect(limited).toMatchObject({ status: 429, body: { errcode: "M_LIMIT_EXCEEDED" } });
  expect(limited.body["retry_after_ms"]).toBeGreaterThan(0);
  expect(await ask("msisdn", { country: "GB", phone_number: "07700 900123" })).toMatchObject({
    status: 400,
    body: { errcode: "M_SEND_ERROR" },
  });
});

test("rule 31: a number that the SMS webhook does not write to is M_DESTINATION_REJECTED", async () => {
  await using webhook = await startLoopbackServer((_request, response) => response.writeHead(422).end());
  await using cut = await runIdentityServer({ sms: { webhookUrl: `${webhook.url}/` } });
  const own = await cut.register(`@alice:${peerName}`);
  const body = { client_secret: "a-secret", send_attempt: 1, country: "GB", phone_number: "07700 900123" };
  const answer = await cut.call("POST", "/v2/validate/msisdn/requestToken", { token: own, body });
  expect(answer).toMatchObject({ status: 400, body: { errcode: "M_DESTINATION_REJECTED" } });
});

test.each(["root@localhost", "Strauß@Example.com"])("%s is an address like any other", async (email) => {
  expect(await request("email", { email })).toMatchObject({ status: 200 });
});

test.each(["7", 7])("a send_attempt of %j is taken, as identity servers always have", async (send_attempt) => {
  expect(await request("email", { email: "carol@example.org", send_attempt })).toMatchObject({ status: 200 });
});

test("a send_attempt that is no number is refused", async () => {
  const answer = await request("email", { email: "carol@example.org", send_attempt: "seven" });
  expect(answer).toMatchObject(bad("M_INVALID_PARAM"));
});
