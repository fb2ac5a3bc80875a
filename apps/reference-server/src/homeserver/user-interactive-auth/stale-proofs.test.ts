import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readAnswer } from "../../fixtures/call.ts";
import type { Answer } from "../../fixtures/call.ts";
import { createPasswordHasher } from "../../crypto/password-hash.ts";
import { createSeededRandom } from "../../crypto/random.ts";
import { setPasswordHash } from "../accounts/accounts.ts";
import { password, passwordOf, startHomeserver } from "../fixtures/homeserver.ts";
import type { TestHomeserver } from "../fixtures/homeserver.ts";
import { addEmail, linkTo, open, validateEmail } from "../threepids/fixtures/messages.ts";

const newPassword = "a password of the attacker";
const victims = "the victim's new password";
let home: TestHomeserver;
let users = 0;

beforeAll(async () => {
  home = await startHomeserver({
    registration: { flows: [["m.login.dummy"], ["m.login.email.identity", "m.login.dummy"]] },
    rateLimits: { login: false, userInteractiveAuth: false, registration: false },
  });
});

afterAll(() => home[Symbol.asyncDispose]());

async function newUser() {
  const name = `user${++users}`;
  return { name, ...(await home.register(name)) };
}

/** Completes a stage on its page, which leaves the operation itself for later. */
async function completeOnPage(type: string, fields: Record<string, string>): Promise<Answer> {
  const url = `${home.url}/_matrix/client/v3/auth/${type}/fallback/web`;
  const page = await readAnswer(await fetch(url, { method: "POST", body: new URLSearchParams(fields) }));
  expect(page.status).toBe(200);
  return page;
}

const hidden = (page: Answer, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page.text)?.[1] ?? "";

async function begin(path: string, body: object, token?: string) {
  const options = token === undefined ? {} : { token };
  const { session } = (await home.call("POST", path, { body, ...options })).body as { session: string };
  const finish = () => home.call("POST", path, { body: { ...body, auth: { session } }, ...options });
  return { session, finish };
}

async function provenByPassword(path: string, body: object, user: string, token?: string) {
  const begun = await begin(path, body, token);
  const fields = { session: begun.session, user, password };
  expect((await completeOnPage("m.login.password", fields)).text).toContain("onAuthDone");
  return begun.finish;
}

async function provenByEmail(email: string) {
  const { session, finish } = await begin("/v3/account/password", { new_password: newPassword });
  const type = "m.login.email.identity";
  const sent = await completeOnPage(type, { session, email, action: "send" });
  await open(await linkTo(home, email));
  const names = ["sid", "client_secret", "send_attempt"];
  const kept = Object.fromEntries(names.map((name) => [name, hidden(sent, name)]));
  const done = await completeOnPage(type, { ...kept, session, email, action: "continue" });
  expect(done.text).toContain("onAuthDone");
  return finish;
}

const changePassword = (user: string, token: string, fields: object = {}) =>
  home.authenticated("POST", "/v3/account/password", passwordOf(user), {
    token,
    body: { new_password: victims, ...fields },
  });

const forbidden = { status: 403, body: { errcode: "M_FORBIDDEN" } };

describe("a proof that was given before cannot", () => {
  test.each([
    ["change a password again", "/v3/account/password", { new_password: newPassword }],
    ["close the account", "/v3/account/deactivate", {}],
  ])("%s once its password has been changed", async (_what, path, body) => {
    const { name, access_token } = await newUser();
    const finish = await provenByPassword(path, body, name);
    expect((await changePassword(name, access_token)).status).toBe(200);
    expect(await finish()).toMatchObject(forbidden);
    expect((await home.login(name, { password: victims })).status).toBe(200);
  });

  test("reset a password by an address that has left the account", async () => {
    const { name, access_token: token } = await newUser();
    const email = `${name}@example.org`;
    await addEmail(home, token, name, email);
    const finish = await provenByEmail(email);
    await home.call("POST", "/v3/account/3pid/delete", { token, body: { medium: "email", address: email } });
    expect(await finish()).toMatchObject(forbidden);
    expect((await home.login(name)).status).toBe(200);
  });

  test("reset a password by an address after the password was changed", async () => {
    const { name, access_token: token } = await newUser();
    await addEmail(home, token, name, `${name}@example.org`);
    const finish = await provenByEmail(`${name}@example.org`);
    await changePassword(name, token);
    expect(await finish()).toMatchObject(forbidden);
    expect((await home.login(name, { password: victims })).status).toBe(200);
  });

  test("bring back an account that was deactivated", async () => {
    const { name, access_token: token } = await newUser();
    const finish = await provenByPassword("/v3/account/password", { new_password: newPassword }, name);
    await home.authenticated("POST", "/v3/account/deactivate", passwordOf(name), { token });
    expect(await finish()).toMatchObject(forbidden);
    const login = await home.login(name, { password: newPassword });
    expect(login).toMatchObject({ status: 403, body: { errcode: "M_USER_DEACTIVATED" } });
  });

  test("be used after all sessions were ended", async () => {
    const { name, access_token: token } = await newUser();
    const finish = await provenByPassword("/v3/account/password", { new_password: newPassword }, name);
    await home.call("POST", "/v3/logout/all", { token });
    expect(await finish()).toMatchObject(forbidden);
    expect((await home.login(name)).status).toBe(200);
  });
});

test("a proof is good for as long as nothing has happened in between", async () => {
  const { name, access_token: token } = await newUser();
  await addEmail(home, token, name, `${name}@example.org`);
  const closing = await provenByPassword("/v3/account/deactivate", {}, name, token);
  expect((await closing()).status).toBe(200);
  const other = await newUser();
  await addEmail(home, other.access_token, other.name, `${other.name}@example.org`);
  expect((await (await provenByEmail(`${other.name}@example.org`))()).status).toBe(200);
  expect((await home.login(other.name, { password: newPassword })).status).toBe(200);
});

/** Finals of get_token, sent right after `ending`: all are authenticated before the first slow check of a password is over. */
async function askWhile(name: string, token: string, ending: () => Promise<Answer>): Promise<readonly Answer[]> {
  const passwordHash = await createPasswordHasher("production", createSeededRandom(name)).hash(password);
  await setPasswordHash(home.db, `@${name}:localhost`, passwordHash);
  const path = "/v1/login/get_token";
  const begun = await Promise.all(Array.from({ length: 8 }, () => begin(path, {}, token)));
  const ended = ending();
  await setTimeout(20); // it is at its password now
  const asked = begun.map(({ session }) =>
    home.call("POST", path, { token, body: { auth: { ...passwordOf(name), session } } }),
  );
  expect((await ended).status).toBe(200);
  return Promise.all(asked);
}

const tokenLogin = (token: string) => home.call("POST", "/v3/login", { body: { type: "m.login.token", token } });

async function expectNoLogin(asked: readonly Answer[]): Promise<void> {
  for (const answer of asked) {
    if (answer.status !== 200) expect(answer).toMatchObject({ status: 401 });
    else expect((await tokenLogin(String(answer.body.login_token))).status).toBe(403);
  }
}

describe("a login token that is asked for at the same moment", () => {
  test("cannot bring back an account that is being deactivated", async () => {
    const { name, access_token: token } = await newUser();
    const ending = await begin("/v3/account/deactivate", {}, token);
    const auth = { ...passwordOf(name), session: ending.session };
    const deactivate = () => home.call("POST", "/v3/account/deactivate", { token, body: { auth } });
    await expectNoLogin(await askWhile(name, token, deactivate));
  });

  test("cannot outlive a password that is being changed by another device", async () => {
    const { name, access_token: token } = await newUser();
    const stolen = String((await home.login(name)).body.access_token);
    const change = { new_password: victims };
    const { session } = await begin("/v3/account/password", change, token);
    const body = { ...change, auth: { ...passwordOf(name), session } };
    const changed = () => home.call("POST", "/v3/account/password", { token, body });
    await expectNoLogin(await askWhile(name, stolen, changed));
  });

  test("is void after a password change that leaves other sessions alone", async () => {
    const { name, access_token: token } = await newUser();
    const asked = await home.authenticated("POST", "/v1/login/get_token", passwordOf(name), { token });
    expect((await changePassword(name, token, { logout_devices: false })).status).toBe(200);
    expect((await tokenLogin(String(asked.body.login_token))).status).toBe(403);
  });

  test("opens no session of a deactivated account, even if it is there", async () => {
    const { name, user_id, access_token: token } = await newUser();
    const asked = await home.authenticated("POST", "/v1/login/get_token", passwordOf(name), { token });
    const closed = { deactivated_at: home.clock.now() };
    await home.db.updateTable("hs_users").set(closed).where("user_id", "=", user_id).execute();
    const login = await tokenLogin(String(asked.body.login_token));
    expect(login).toMatchObject({ status: 403, body: { errcode: "M_USER_DEACTIVATED" } });
  });
});

test("one validation of an address cannot give it to a second account, not even after the first has removed it", async () => {
  const email = "passed-on@example.org";
  const threepid_creds = await validateEmail(home, "register", email);
  const both = ["first", "second"].map(async (username) => {
    const body = { username, password: victims };
    const { session } = await begin("/v3/register", body);
    const send = (auth: object) => home.call("POST", "/v3/register", { body: { ...body, auth: { ...auth, session } } });
    await send({ type: "m.login.email.identity", threepid_creds });
    return () => send({ type: "m.login.dummy" });
  });
  const [first, second] = await Promise.all(both);
  const registered = await first?.();
  const token = String(registered?.body.access_token);
  await home.call("POST", "/v3/account/3pid/delete", { token, body: { medium: "email", address: email } });
  expect(await second?.()).toMatchObject({ status: 403, body: { errcode: "M_FORBIDDEN" } });
  expect(await home.db.selectFrom("hs_threepids").where("address", "=", email).selectAll().execute()).toEqual([]);
});
