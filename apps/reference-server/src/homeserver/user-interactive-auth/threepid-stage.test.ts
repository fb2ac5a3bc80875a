import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { password, passwordOf, startHomeserver } from "../fixtures/homeserver.ts";
import type { TestHomeserver } from "../fixtures/homeserver.ts";
import { addEmail, codeTo, linkTo, open, validateEmail } from "../threepids/fixtures/messages.ts";
import type { ThreepidCredentials } from "../threepids/fixtures/messages.ts";

const email = "m.login.email.identity";
const msisdn = "m.login.msisdn";
const terms = { privacy: { version: "1.2", en: { name: "Privacy", url: "https://example.org/privacy" } } };
const day = 24 * 3600 * 1000;
let home: TestHomeserver;

beforeAll(async () => {
  home = await startHomeserver({
    registration: { flows: [["m.login.terms", email], [msisdn], ["m.login.dummy"]] },
    terms,
    validation: { maximumAttempts: 3 },
  });
});

afterAll(() => home[Symbol.asyncDispose]());

function registration(username: string) {
  const body = { username, password };
  const send = (auth?: object) =>
    home.call("POST", "/v3/register", { body: { ...body, ...(auth !== undefined && { auth }) } });
  return { send, start: async () => (await send()).body };
}

const creds = (type: string, threepid_creds: ThreepidCredentials | object) => ({ type, threepid_creds });

test("rules 4, 8, 9, 10, 31 and 36: registration through terms and a validated email address, in that order", async () => {
  const { send, start } = registration("alice");
  const { session, params, flows } = await start();
  expect(params).toEqual({ "m.login.terms": { policies: terms } });

  const client_secret = "alices_secret";
  const request = { client_secret, email: "Alice@Example.org", send_attempt: 1 };
  const requested = await home.call("POST", "/v3/register/email/requestToken", { body: request });
  expect(requested).toMatchObject({ status: 200, body: { sid: expect.stringMatching(/^[0-9a-zA-Z.=_-]{1,255}$/) } });
  const { sid } = requested.body;
  const attempt = { ...creds(email, { sid, client_secret }), session };

  expect(await send(attempt)).toMatchObject({ status: 401, body: { errcode: "M_UNAUTHORIZED", params, flows } });
  const agreed = await send({ type: "m.login.terms", session });
  expect(agreed).toMatchObject({ status: 401, body: { completed: ["m.login.terms"], params, flows } });
  const early = await send(attempt);
  expect(early).toMatchObject({
    status: 401,
    body: { errcode: "M_UNAUTHORIZED", completed: ["m.login.terms"], params, flows },
  });
  expect(early.body.error).toContain("not validated yet");

  await open(await linkTo(home, "alice@example.org"));
  const done = await send(attempt);
  expect(done).toMatchObject({ status: 200, body: { user_id: "@alice:localhost" } });
  const { threepids } = (await home.call("GET", "/v3/account/3pid", { token: done.body.access_token })).body;
  expect(threepids).toMatchObject([{ medium: "email", address: "alice@example.org" }]);
  const { version } = await home.db.selectFrom("hs_terms_acceptances").selectAll().executeTakeFirstOrThrow();
  expect(version).toBe("1.2");
});

test("rule 32: registration by a phone number's code", async () => {
  const { send, start } = registration("bob");
  const { session } = await start();
  const client_secret = "bobs_secret";
  const request = { client_secret, country: "GB", phone_number: "07700 900456", send_attempt: 1 };
  const { sid, submit_url } = (await home.call("POST", "/v3/register/msisdn/requestToken", { body: request })).body;
  const attempt = { ...creds(msisdn, { sid, client_secret }), session };
  expect(await send(attempt)).toMatchObject({ status: 401, body: { errcode: "M_UNAUTHORIZED" } });
  const token = await codeTo(home, "447700900456");
  await fetch(submit_url, { method: "POST", body: JSON.stringify({ sid, client_secret, token }) });
  expect((await send(attempt)).status).toBe(200);
});

/** One attempt at the stage, in a registration that has come that far. */
async function tryOnce(type: string, threepid_creds: object) {
  const { send, start } = registration("nobody");
  const { session } = await start();
  if (type === email) await send({ type: "m.login.terms", session });
  return send({ ...creds(type, threepid_creds), session });
}

describe("no stage is completed by", () => {
  const failed = { status: 401, body: { errcode: "M_THREEPID_AUTH_FAILED" } };

  test("a session that nobody knows", async () => {
    expect(await tryOnce(email, { sid: "unknown", client_secret: "x" })).toMatchObject(failed);
  });

  test("a session of another secret", async () => {
    const { sid } = await validateEmail(home, "register", "secret@example.org");
    expect(await tryOnce(email, { sid, client_secret: "x" })).toMatchObject(failed);
  });

  test("an email address where a phone number is asked for", async () => {
    expect(await tryOnce(msisdn, await validateEmail(home, "register", "medium@example.org"))).toMatchObject(failed);
  });

  test("an address that was validated for something else", async () => {
    expect(await tryOnce(email, await validateEmail(home, "account/3pid", "other@example.org"))).toMatchObject(failed);
  });

  test("the word of an identity server that is not trusted", async () => {
    const elsewhere = { sid: "x", client_secret: "x", id_server: "evil.example.org", id_access_token: "x" };
    expect(await tryOnce(email, elsewhere)).toMatchObject(failed);
  });

  test("a validation of the day before yesterday", async () => {
    const credentials = await validateEmail(home, "register", "old@example.org");
    home.clock.advance(day + 1);
    expect(await tryOnce(email, credentials)).toMatchObject(failed);
  });
});

describe("who has forgotten the password", () => {
  const path = "/v3/account/password";
  const reset = (credentials: object, new_password: string) =>
    home.authenticated("POST", path, creds(email, credentials), { body: { new_password } });

  test("resets it once by an address of the account, which ends all sessions", async () => {
    const { access_token: token } = await home.register("carol");
    await addEmail(home, token, "carol", "carol@example.org");
    const offered = await home.call("POST", path, { body: { new_password: "brand new password" } });
    expect(offered.body.flows).toContainEqual({ stages: [email] });
    const credentials = await validateEmail(home, "account/password", "carol@example.org");
    expect((await reset(credentials, "brand new password")).status).toBe(200);
    expect((await home.login("carol", { password: "brand new password" })).status).toBe(200);
    expect((await home.call("GET", "/v3/account/whoami", { token })).status).toBe(401);
    const again = await reset(credentials, "yet another password");
    expect(again).toMatchObject({ status: 401, body: { errcode: "M_THREEPID_AUTH_FAILED" } });
    expect((await home.login("carol", { password: "brand new password" })).status).toBe(200);
  });

  test("resets it once even by two authentications that were both completed in time", async () => {
    const { access_token: token } = await home.register("dora");
    await addEmail(home, token, "dora", "dora@example.org");
    const credentials = await validateEmail(home, "account/password", "dora@example.org");
    const answers = await Promise.all(
      ["first new password", "other new password"].map((new_password) => reset(credentials, new_password)),
    );
    expect(answers.map(({ status }) => status === 200).toSorted()).toEqual([false, true]);
  });

  test("cannot reset another account's, nor by an address that has left the account", async () => {
    const { access_token: token } = await home.register("erin");
    await addEmail(home, token, "erin", "erin@example.org");
    const credentials = await validateEmail(home, "account/password", "erin@example.org");
    const body = { medium: "email", address: "erin@example.org" };
    await home.call("POST", "/v3/account/3pid/delete", { token, body });
    const refused = await reset(credentials, "brand new password");
    expect(refused).toMatchObject({ status: 401, body: { errcode: "M_THREEPID_AUTH_FAILED" } });
  });

  test("is not offered it with a token, which asks for the password", async () => {
    const { access_token: token } = await home.register("frank");
    const asked = await home.call("POST", path, { token, body: { new_password: "brand new password" } });
    expect(asked.body.flows).toEqual([{ stages: ["m.login.password"] }]);
    const changed = await home.authenticated("POST", path, passwordOf("frank"), {
      token,
      body: { new_password: "brand new password" },
    });
    expect(changed.status).toBe(200);
  });
});

test("of two who register with one validated address, one gets it and the other is told", async () => {
  const credentials = await validateEmail(home, "register", "shared@example.org");
  const outcomes = [];
  for (const name of ["gina", "hugo"]) {
    const { send, start } = registration(name);
    const { session } = await start();
    await send({ type: "m.login.terms", session });
    outcomes.push({ send, session });
  }
  const [gina, hugo] = outcomes;
  const attempt = { ...creds(email, credentials) };
  const answers = await Promise.all([gina, hugo].map((one) => one?.send({ ...attempt, session: one.session })));
  expect(answers.filter((answer) => answer?.status === 200)).toHaveLength(1);
  const loser = answers.find((answer) => answer?.status !== 200);
  expect(["M_THREEPID_IN_USE", "M_THREEPID_AUTH_FAILED"]).toContain(loser?.body.errcode);
});

test("a hundred final requests with one validated address register once, and all hear of it", async () => {
  const { send, start } = registration("ines");
  const { session } = await start();
  await send({ type: "m.login.terms", session });
  const final = { ...creds(email, await validateEmail(home, "register", "ines@example.org")), session };
  const answers = await Promise.all(Array.from({ length: 100 }, () => send(final)));
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect(answers[0]).toMatchObject({ status: 200, body: { user_id: "@ines:localhost" } });
});
