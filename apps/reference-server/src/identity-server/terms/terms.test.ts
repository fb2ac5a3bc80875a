import { afterAll, beforeAll, expect, test } from "vitest";
import { peerName, runIdentityServer } from "../fixtures/running-identity-server.ts";
import type { RunningIdentityServer } from "../fixtures/running-identity-server.ts";

const urls = { terms: "https://example.org/terms.html", termsFr: "https://example.org/termes.html" };
const privacy = "https://example.org/privacy.html";
const terms = {
  terms_of_service: {
    version: "2",
    en: { name: "Terms of service", url: urls.terms },
    fr: { name: "Conditions d'utilisation", url: urls.termsFr },
  },
  privacy_policy: { version: "1", en: { name: "Privacy policy", url: privacy } },
};
let running: RunningIdentityServer;

beforeAll(async () => {
  running = await runIdentityServer({ identity: { terms } });
});
afterAll(() => running[Symbol.asyncDispose]());

function accept(token: string, ...user_accepts: string[]) {
  return running.call("POST", "/v2/terms", { token, body: { user_accepts } });
}

test("rule 14: the terms are public", async () => {
  expect((await running.call("GET", "/v2/terms")).body).toEqual({ policies: terms });
});

test("rules 15 to 18: agreement adds up, in any language, and counts for its user", async () => {
  const token = await running.register(`@alice:${peerName}`);
  const ask = () => running.call("GET", "/v2/hash_details", { token });
  const unsigned = { status: 403, body: { errcode: "M_TERMS_NOT_SIGNED" } };
  expect(await ask()).toMatchObject(unsigned);
  expect(await accept(token, "https://example.org/elsewhere.html")).toMatchObject({ status: 200, text: "{}" });
  expect(await ask()).toMatchObject(unsigned);
  expect((await accept(token, urls.termsFr)).status).toBe(200);
  expect(await ask()).toMatchObject(unsigned);
  expect((await accept(token, privacy, privacy)).status).toBe(200);
  expect((await accept(token, privacy)).status).toBe(200);
  expect((await ask()).status).toBe(200);

  const again = await running.register(`@alice:${peerName}`);
  expect((await running.call("GET", "/v2/account", { token: again })).status).toBe(200);
  const bob = await running.register(`@bob:${peerName}`);
  expect(await running.call("GET", "/v2/account", { token: bob })).toMatchObject(unsigned);
});

test("rule 18: what needs no token needs no agreement", async () => {
  for (const path of ["/v2", "/versions", "/v2/terms"]) {
    expect((await running.call("GET", path)).status).toBe(200);
  }
});
