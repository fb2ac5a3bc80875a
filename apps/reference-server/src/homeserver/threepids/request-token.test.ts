import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { password, startHomeserver } from "../fixtures/homeserver.ts";
import type { Session, TestHomeserver } from "../fixtures/homeserver.ts";
import { identityAccount } from "./fixtures/identity.ts";
import { addEmail, linkTo, messagesTo, open } from "./fixtures/messages.ts";

let home: TestHomeserver;
let alice: Session;

beforeAll(async () => {
  home = await startHomeserver({
    registration: { flows: [["m.login.email.identity"], ["m.login.dummy"]] },
    rateLimits: { requestToken: { requests: 4, perMs: 60_000 } },
  });
  alice = await home.register("alice");
  await addEmail(home, alice.access_token, "alice", "alice@example.org");
});

afterAll(() => home[Symbol.asyncDispose]());

const purposes = ["register", "account/3pid", "account/password"] as const;

const requestEmail = (purpose: (typeof purposes)[number], email: string, fields: object = {}) =>
  home.call("POST", `/v3/${purpose}/email/requestToken`, {
    body: { client_secret: "secret", email, send_attempt: 1, ...fields },
  });

const requestMsisdn = (purpose: (typeof purposes)[number], phone_number: string, country = "GB") =>
  home.call("POST", `/v3/${purpose}/msisdn/requestToken`, {
    body: { client_secret: "secret", country, phone_number, send_attempt: 1 },
  });

describe("an address that an account has", () => {
  test.each(["register", "account/3pid"] as const)(
    "cannot be validated for %s, however it is written",
    async (purpose) => {
      const inUse = { status: 400, body: { errcode: "M_THREEPID_IN_USE" } };
      expect(await requestEmail(purpose, "alice@example.org")).toMatchObject(inUse);
      expect(await requestEmail(purpose, "ALICE@example.ORG")).toMatchObject(inUse);
    },
  );

  test("is the only one that a password can be reset by", async () => {
    expect((await requestEmail("account/password", "Alice@example.org")).status).toBe(200);
    const notFound = { status: 400, body: { errcode: "M_THREEPID_NOT_FOUND" } };
    expect(await requestEmail("account/password", "nobody@example.org")).toMatchObject(notFound);
    expect(await requestMsisdn("account/password", "07700 900999")).toMatchObject(notFound);
    expect(await messagesTo(home, "nobody@example.org")).toEqual([]);
  });
});

test("the mail says who asks and what for, and leads back to the homeserver", async () => {
  const { body } = await requestEmail("register", "new@example.org");
  expect(body).toEqual({
    sid: expect.any(String) as string,
    submit_url: `${home.url}/_matrix/homeserver/submit_token`,
  });
  const [mail] = await messagesTo(home, "new@example.org");
  expect(mail?.text).toContain("entered this address on localhost to register an account");
  expect(mail?.links[0]).toContain(`${body.submit_url}?sid=${body.sid}`);
});

test("rule 32: a repeated send_attempt sends nothing, a higher one sends again", async () => {
  const email = "attempts@example.org";
  const first = await requestEmail("account/3pid", email, { send_attempt: 2 });
  for (const send_attempt of [2, 1]) {
    expect((await requestEmail("account/3pid", email, { send_attempt })).body).toEqual(first.body);
  }
  expect(await messagesTo(home, email)).toHaveLength(1);
  expect((await requestEmail("account/3pid", email, { send_attempt: 3 })).body.sid).toBe(first.body.sid);
  expect(await messagesTo(home, email)).toHaveLength(2);
});

describe.each(purposes)("%s", (purpose) => {
  test.each([
    "nobody",
    "a@b@c",
    "a@example.org,b@example.org",
    "Alice <a@example.org>",
    "a@example.org\r\nBcc: b@b.org",
  ])("%j is no email address", async (email) => {
    const answer = await requestEmail(purpose, email);
    expect(answer.status).toBe(400);
    expect(["M_INVALID_PARAM", "M_BAD_JSON"]).toContain(answer.body.errcode);
  });

  test.each([
    ["1", "GB"],
    ["07700 900123", "ZZ"],
  ])("%s in %s is no phone number", async (number, country) => {
    expect(await requestMsisdn(purpose, number, country)).toMatchObject({
      status: 400,
      body: { errcode: "M_INVALID_PARAM" },
    });
  });

  test("an identity server that is not trusted is not asked", async () => {
    const elsewhere = { id_server: "evil.example.org", id_access_token: "x" };
    expect(await requestEmail(purpose, "alice@example.org", elsewhere)).toMatchObject({
      status: 400,
      body: { errcode: "M_SERVER_NOT_TRUSTED" },
    });
  });
});

const flood = (attempt: number) =>
  requestEmail("register", "flood@example.org", { client_secret: `s${attempt}`, send_attempt: attempt });

test("one address gets so many messages in a while, whatever for", async () => {
  for (let attempt = 1; attempt <= 4; attempt++) expect((await flood(attempt)).status).toBe(200);
  const limited = await flood(5);
  expect(limited).toMatchObject({ status: 429, body: { errcode: "M_LIMIT_EXCEEDED" } });
  expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await messagesTo(home, "flood@example.org")).toHaveLength(4);
  home.clock.advance(60_000);
  expect((await flood(5)).status).toBe(200);
});

describe("an identity server that the client names", () => {
  test("is left out: we validate the address, and clients that send its name back still get on", async () => {
    const { idServer: id_server, token: id_access_token } = await identityAccount(home, alice);
    const elsewhere = { id_server, id_access_token };
    const email = "elsewhere@example.org";
    const { body } = await requestEmail("register", email, elsewhere);
    const threepid_creds = { sid: body.sid, client_secret: "secret", ...elsewhere };
    const auth = { type: "m.login.email.identity", threepid_creds };
    const account = { username: "elsewhere", password };
    const register = () => home.authenticated("POST", "/v3/register", auth, { body: account });
    expect(await register()).toMatchObject({ status: 401, body: { errcode: "M_UNAUTHORIZED" } });
    const link = await linkTo(home, email);
    expect(link.startsWith(home.url)).toBe(true);
    await open(link);
    const registered = await register();
    expect(registered).toMatchObject({ status: 200, body: { user_id: "@elsewhere:localhost" } });
    expect((await home.call("GET", "/v3/account/3pid", { token: registered.body.access_token })).body).toMatchObject({
      threepids: [{ medium: "email", address: email }],
    });
  });

  test("cannot have its mail to be found by turned into a password reset, or an account of that address", async () => {
    const mallory = await home.register("mallory");
    const { idServer: id_server, token: id_access_token, validate } = await identityAccount(home, mallory);
    for (const [email, path, fields] of [
      ["alice@example.org", "/v3/account/password", { new_password: "stolen it is" }],
      ["carol@example.org", "/v3/register", { username: "not-carol", password }],
    ] as const) {
      const credentials = await validate(email);
      // Asking us too, under the same secret, does not give that session another purpose.
      const purpose = path === "/v3/register" ? "register" : "account/password";
      const { client_secret } = credentials;
      await requestEmail(purpose, email, { client_secret, id_server, id_access_token });
      const auth = { type: "m.login.email.identity", threepid_creds: { ...credentials, id_server, id_access_token } };
      const answer = await home.authenticated("POST", path, auth, { body: fields });
      expect(answer).toMatchObject({ status: 401, body: { errcode: "M_THREEPID_AUTH_FAILED" } });
    }
    expect((await home.login("alice")).status).toBe(200);
  });
});

test("where any identity server may bind, none is believed about who has an address", async () => {
  const trusting = await startHomeserver({ identity: { trustedServers: null }, logLevel: "silent" });
  const { access_token: token } = await trusting.register("alice");
  const elsewhere = { client_secret: "x", id_server: "any.example.invalid", id_access_token: "x" };
  const threepid_creds = { ...elsewhere, sid: "x" };
  const auth = { type: "m.login.email.identity", threepid_creds };
  const reset = await trusting.authenticated("POST", "/v3/account/password", auth, {
    body: { new_password: "stolen it is" },
  });
  expect(reset).toMatchObject({ status: 401, body: { errcode: "M_THREEPID_AUTH_FAILED" } });
  for (const id_server of [elsewhere.id_server, "1.2.3.999"]) {
    const body = { ...elsewhere, id_server, sid: "x" };
    const bound = await trusting.call("POST", "/v3/account/3pid/bind", { token, body });
    expect(bound).toMatchObject({ status: 400, body: { errcode: "M_UNKNOWN" } });
  }
  await trusting[Symbol.asyncDispose]();
});
