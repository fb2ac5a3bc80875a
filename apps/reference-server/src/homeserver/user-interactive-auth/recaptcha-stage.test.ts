import { afterAll, beforeAll, expect, test } from "vitest";
import { password, startHomeserver } from "../fixtures/homeserver.ts";
import type { TestHomeserver } from "../fixtures/homeserver.ts";
import { startRecaptchaVerifier } from "./fixtures/recaptcha-verifier.ts";
import type { RecaptchaVerifier } from "./fixtures/recaptcha-verifier.ts";

let verifier: RecaptchaVerifier;
let home: TestHomeserver;

beforeAll(async () => {
  verifier = await startRecaptchaVerifier();
  home = await startHomeserver({
    registration: { flows: [["m.login.recaptcha"]] },
    recaptcha: verifier.recaptcha,
    logLevel: "silent",
  });
});

afterAll(async () => {
  await home[Symbol.asyncDispose]();
  await verifier[Symbol.asyncDispose]();
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
  expect(verifier.asked.at(-1)?.get("remoteip")).toMatch(/127\.0\.0\.1$/);
});

test.each([
  { status: 200, body: "<html>" },
  { status: 200, body: "null" },
  { status: 302, body: "{}" },
])("a verifier that answers %o lets nobody through, and nobody is blamed for it", async (broken) => {
  const { attempt } = await start();
  verifier.answer = broken;
  expect(await attempt({ response: "solved" })).toMatchObject({
    status: 401,
    body: { errcode: "M_UNKNOWN" },
  });
  verifier.answer = undefined;
  expect((await attempt({ response: "solved" })).status).toBe(200);
});
