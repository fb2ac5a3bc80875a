import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readAnswer } from "../../../fixtures/call.ts";
import type { Answer } from "../../../fixtures/call.ts";
import { password, startHomeserver } from "../../fixtures/homeserver.ts";
import type { TestHomeserver } from "../../fixtures/homeserver.ts";
import { codeTo, linkTo, open } from "../../threepids/fixtures/messages.ts";
import { startRecaptchaVerifier } from "../fixtures/recaptcha-verifier.ts";
import type { RecaptchaVerifier } from "../fixtures/recaptcha-verifier.ts";

const stages = ["dummy", "terms", "registration_token", "recaptcha", "email.identity", "msisdn"] as const;
const evil = `"><script>alert(1)</script>`;
const terms = {
  privacy: { version: "1", en: { name: `Privacy ${evil}`, url: "https://example.org/privacy?a=1&b=2" } },
};

let verifier: RecaptchaVerifier;
let home: TestHomeserver;

beforeAll(async () => {
  verifier = await startRecaptchaVerifier();
  home = await startHomeserver({
    registration: {
      flows: stages.map((stage) => [`m.login.${stage}`] as const),
      tokens: [{ token: "letmein" }],
    },
    terms,
    recaptcha: { ...verifier.recaptcha, scriptUrl: "https://captcha.example.org/api.js" },
    rateLimits: { userInteractiveAuth: { requests: 200, perMs: 60_000 } },
  });
});

afterAll(async () => {
  await home[Symbol.asyncDispose]();
  await verifier[Symbol.asyncDispose]();
});

const pageUrl = (type: string) => `${home.url}/_matrix/client/v3/auth/${type}/fallback/web`;

const get = async (type: string, session: string): Promise<Answer> =>
  readAnswer(await fetch(`${pageUrl(type)}?session=${encodeURIComponent(session)}`));

async function post(type: string, fields: Record<string, string>): Promise<Answer> {
  return readAnswer(await fetch(pageUrl(type), { method: "POST", body: new URLSearchParams(fields) }));
}

/** The form on a page as a browser would send it: its hidden fields, to be joined by what a person enters. */
function hiddenFields(page: Answer): Record<string, string> {
  const inputs = [...page.text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)];
  return Object.fromEntries(inputs.map(([, name = "", value = ""]) => [name, value]));
}

let users = 0;

async function registration() {
  const body = { username: `user${++users}`, password };
  const { session } = (await home.call("POST", "/v3/register", { body })).body as { session: string };
  const finish = () => home.call("POST", "/v3/register", { body: { ...body, auth: { session } } });
  return { session, finish };
}

/** Rules 38 to 40 in one: a page that says so, and a client that goes on with the session alone. */
async function expectDone(page: Answer, finish: () => Promise<Answer>): Promise<void> {
  expect(page.status).toBe(200);
  expect(page.text).toContain("window.onAuthDone()");
  expect(page.text).toContain('window.opener.postMessage("authDone", "*")');
  expect((await finish()).status).toBe(200);
}

describe.each(stages)("m.login.%s", (stage) => {
  const type = `m.login.${stage}`;

  test("rule 38: has a page under a strict policy", async () => {
    const { session, finish } = await registration();
    const page = await get(type, session);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const policy = page.headers.get("content-security-policy") ?? "";
    for (const rule of ["default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"]) {
      expect(policy).toContain(rule);
    }
    expect(policy).not.toContain("unsafe-inline");
    expect(page.text).toContain('<form method="post"');
    expect((await finish()).status).toBe(401);
  });

  test("is unknown to who has no session", async () => {
    for (const answer of [
      await get(type, `none${evil}`),
      await post(type, { session: "none" }),
      await post(type, {}),
    ]) {
      expect(answer.status).toBe(400);
      expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(answer.text).not.toContain("<script>alert");
    }
  });
});

test("rules 39 and 40: nothing but a click", async () => {
  const { session, finish } = await registration();
  await expectDone(await post("m.login.dummy", hiddenFields(await get("m.login.dummy", session))), finish);
});

test("rules 39 and 40: the terms, with their documents to read", async () => {
  const { session, finish } = await registration();
  const page = await get("m.login.terms", session);
  expect(page.text).toContain('href="https://example.org/privacy?a=1&amp;b=2"');
  expect(page.text).not.toContain("<script>alert");
  await expectDone(await post("m.login.terms", hiddenFields(page)), finish);
});

test("rules 39 and 40: a registration token, after a wrong one", async () => {
  const { session, finish } = await registration();
  const form = hiddenFields(await get("m.login.registration_token", session));
  const wrong = await post("m.login.registration_token", { ...form, token: evil });
  expect(wrong.status).toBe(400);
  expect(wrong.text).toContain("not, or no longer, valid");
  expect(wrong.text).not.toContain("<script>alert");
  expect((await finish()).status).toBe(401);
  const right = await post("m.login.registration_token", { ...hiddenFields(wrong), token: " letmein " });
  await expectDone(right, finish);
});

test("rules 39 and 40: the captcha, whose script alone comes from elsewhere", async () => {
  const { session, finish } = await registration();
  const page = await get("m.login.recaptcha", session);
  const policy = page.headers.get("content-security-policy") ?? "";
  const [, nonce] = /'nonce-([^']+)'/.exec(policy) ?? [];
  expect(page.text).toContain(`<script src="https://captcha.example.org/api.js" nonce="${nonce}"`);
  expect(page.text).toContain('data-sitekey="site-key"');
  expect(policy).toContain("frame-src https://captcha.example.org");
  const empty = await post("m.login.recaptcha", hiddenFields(page));
  expect(empty.status).toBe(400);
  await expectDone(
    await post("m.login.recaptcha", { ...hiddenFields(empty), "g-recaptcha-response": "solved" }),
    finish,
  );
});

test("rules 39 and 40: an email address, by a mail that can be sent again", async () => {
  const type = "m.login.email.identity";
  const { session, finish } = await registration();
  const form = hiddenFields(await get(type, session));
  const wrong = await post(type, { ...form, action: "send", email: evil });
  expect(wrong.status).toBe(400);
  expect(wrong.text).not.toContain("<script>alert");
  const sent = await post(type, { ...form, action: "send", email: "fallback@example.org" });
  expect(sent.text).toContain("fallback@example.org");
  const early = await post(type, { ...hiddenFields(sent), action: "continue" });
  expect(early.status).toBe(400);
  expect(early.text).toContain("not validated yet");
  const again = await post(type, { ...hiddenFields(early), action: "send" });
  expect(hiddenFields(again)).toMatchObject({ sid: hiddenFields(sent)["sid"], send_attempt: "2" });
  await open(await linkTo(home, "fallback@example.org"));
  await expectDone(await post(type, { ...hiddenFields(again), action: "continue" }), finish);
  const { session: other } = await registration();
  const taken = await post(type, { session: other, action: "send", email: "fallback@example.org" });
  expect(taken.text).toContain("belongs to an account already");
});

test("rules 39 and 40: a phone number, by the code from the message", async () => {
  const type = "m.login.msisdn";
  const { session, finish } = await registration();
  const sent = await post(type, { session, action: "send", country: "gb", phone_number: "07700 900321" });
  const wrong = await post(type, { ...hiddenFields(sent), action: "continue", token: "000000x" });
  expect(wrong.text).toContain("not the code");
  const token = await codeTo(home, "447700900321");
  await expectDone(await post(type, { ...hiddenFields(wrong), action: "continue", token }), finish);
});

test("the password of the account that the application is about", async () => {
  const own = await startHomeserver();
  const { access_token: token } = await own.register("alice");
  await own.register("bob");
  const url = `${own.url}/_matrix/client/v3/auth/m.login.password/fallback/web`;
  const path = "/v3/devices/OTHER";
  const { session } = (await own.call("DELETE", path, { token })).body;
  const page = await readAnswer(await fetch(`${url}?session=${session}`));
  expect(page.text).toContain("@alice:localhost");
  const send = async (fields: Record<string, string>) =>
    readAnswer(await fetch(url, { method: "POST", body: new URLSearchParams({ session, ...fields }) }));
  expect((await send({ user: "bob", password: "wrong" })).status).toBe(400);
  expect((await send({ password })).text).toContain("window.onAuthDone()");
  expect((await own.call("DELETE", path, { token, body: { auth: { session } } })).status).toBe(200);

  const { session: reset } = (
    await own.call("POST", "/v3/account/password", { body: { new_password: "some new one" } })
  ).body;
  const who = await readAnswer(await fetch(`${url}?session=${reset}`));
  expect(who.text).toContain('name="user"');
  const proven = await readAnswer(
    await fetch(url, { method: "POST", body: new URLSearchParams({ session: reset, user: "bob", password }) }),
  );
  expect(proven.status).toBe(200);
  const body = { new_password: "some new one", auth: { session: reset } };
  expect((await own.call("POST", "/v3/account/password", { body })).status).toBe(200);
  expect((await own.login("bob", { password: "some new one" })).status).toBe(200);
  await own[Symbol.asyncDispose]();
});

test("a stage that the session does not offer, or that no page completes, is refused in words", async () => {
  const { session } = await registration();
  for (const type of ["m.login.password", "m.login.sso", "org.example.unknown"]) {
    const page = await get(type, session);
    expect(page.status).toBe(400);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  }
});

test("rule 10: a stage whose turn has not come has a page that says so, and is not completed by it", async () => {
  const ordered = await startHomeserver({
    registration: { flows: [["m.login.terms", "m.login.registration_token"]], tokens: [{ token: "letmein" }] },
    terms,
  });
  const body = { username: "alice", password };
  const { session } = (await ordered.call("POST", "/v3/register", { body })).body;
  const url = `${ordered.url}/_matrix/client/v3/auth/m.login.registration_token/fallback/web`;
  const form = new URLSearchParams({ session, token: "letmein" });
  const page = await readAnswer(await fetch(url, { method: "POST", body: form }));
  expect(page.text).toContain("Another step comes before this one");
  const state = await ordered.call("POST", "/v3/register", { body: { ...body, auth: { session } } });
  expect(state.body.completed).toBeUndefined();
  await ordered[Symbol.asyncDispose]();
});

test("guesses are limited, and told so on a page", async () => {
  const limited = await startHomeserver({
    registration: { flows: [["m.login.registration_token"]] },
    rateLimits: { userInteractiveAuth: { requests: 3, perMs: 60_000 } },
  });
  const { session } = (await limited.call("POST", "/v3/register", { body: { password } })).body;
  const url = `${limited.url}/_matrix/client/v3/auth/m.login.registration_token/fallback/web`;
  const guess = () => fetch(url, { method: "POST", body: new URLSearchParams({ session, token: "guess" }) });
  for (let i = 0; i < 3; i++) expect((await guess()).status).toBe(400);
  const answer = await readAnswer(await guess());
  expect(answer.status).toBe(429);
  expect(answer.text).toContain("Too many attempts");
  await limited[Symbol.asyncDispose]();
});

test("a form that is none is refused", async () => {
  const { session } = await registration();
  const asJson = await fetch(pageUrl("m.login.dummy"), { method: "POST", body: JSON.stringify({ session }) });
  expect(asJson.status).toBe(400);
  const huge = await post("m.login.dummy", { session, filler: "x".repeat(100_000) });
  expect(huge.status).toBe(400);
});
