import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { password, startHomeserver } from "../fixtures/homeserver.ts";
import type { TestHomeserver } from "../fixtures/homeserver.ts";

const asked: URLSearchParams[] = [];
let answer: { status: number; body: string } = { status: 200, body: "" };

/** What verifies captchas: it finds `solved` right, unless a test has another answer for it. */
const verifier = createServer(async (request, response) => {
  const form = new URLSearchParams(await text(request));
  asked.push(form);
  const verdict = { success: form.get("response") === "solved" && form.get("secret") === "captcha-secret" };
  response.writeHead(answer.status).end(answer.body || JSON.stringify(verdict));
});

let home: TestHomeserver;

beforeAll(async () => {
  await new Promise<void>((resolve) => verifier.listen(0, "127.0.0.1", resolve));
  const { port } = verifier.address() as AddressInfo; // it listens on a port
  home = await startHomeserver({
    registration: { flows: [["m.login.recaptcha"]] },
    recaptcha: { siteKey: "site-key", secret: "captcha-secret", verifyUrl: `http://127.0.0.1:${port}/verify` },
    logLevel: "silent",
  });
});

afterAll(async () => {
  await home[Symbol.asyncDispose]();
  verifier.close();
});

let users = 0;

async function start() {
  const body = { username: `user${++users}`, password };
  const challenge = await home.call("POST", "/v3/register", { body });
  const { session } = challenge.body;
  const attempt = (auth: object) =>
    home.call("POST", "/v3/register", { body: { ...body, auth: { type: "m.login.recaptcha", session, ...auth } } });
  return { challenge, attempt };
}

test("the challenge names the site key, and never the secret", async () => {
  const { challenge } = await start();
  expect(challenge.body.params).toEqual({ "m.login.recaptcha": { public_key: "site-key" } });
  expect(challenge.text).not.toContain("captcha-secret");
});

test("rule 29: a missing or wrong answer is told apart, and the right one is taken after it", async () => {
  const { attempt } = await start();
  expect(await attempt({})).toMatchObject({ status: 401, body: { errcode: "M_MISSING_PARAM" } });
  expect(await attempt({ response: "" })).toMatchObject({ status: 401, body: { errcode: "M_CAPTCHA_NEEDED" } });
  expect(await attempt({ response: "no" })).toMatchObject({ status: 401, body: { errcode: "M_CAPTCHA_INVALID" } });
  expect((await attempt({ response: "solved" })).status).toBe(200);
  expect(asked.at(-1)?.get("remoteip")).toMatch(/127\.0\.0\.1$/);
});

test.each([
  [{ status: 200, body: "<html>" }, "M_UNKNOWN"],
  [{ status: 200, body: "null" }, "M_CAPTCHA_INVALID"],
  [{ status: 302, body: "{}" }, "M_CAPTCHA_INVALID"],
])("a verifier that answers %o lets nobody through", async (broken, errcode) => {
  const { attempt } = await start();
  answer = broken;
  expect(await attempt({ response: "solved" })).toMatchObject({ status: 401, body: { errcode } });
  answer = { status: 200, body: "" };
  expect((await attempt({ response: "solved" })).status).toBe(200);
});
