import { afterAll, beforeAll, expect, test } from "vitest";
import { peerName, runIdentityServer } from "../fixtures/running-identity-server.ts";
import type { RunningIdentityServer } from "../fixtures/running-identity-server.ts";
import { lookupHash } from "./lookup-hash.ts";

const alice = `@alice:${peerName}`;
const pepperRotationMs = 60_000;
let running: RunningIdentityServer;
let token: string;

beforeAll(async () => {
  running = await runIdentityServer({ identity: { pepperRotationMs, associationLifetimeMs: 10 * pepperRotationMs } });
  token = await running.register(alice);
});
afterAll(() => running[Symbol.asyncDispose]());

async function pepper(): Promise<string> {
  return String((await running.call("GET", "/v2/hash_details", { token })).body["lookup_pepper"]);
}

function lookup(body: object) {
  return running.call("POST", "/v2/lookup", { token, body });
}

async function ask(addresses: string[]) {
  return lookup({ algorithm: "sha256", pepper: await pepper(), addresses });
}

test("rule 23: hashes as the specification's example does", () => {
  expect(lookupHash("alice@example.com", "email", "matrixrocks")).toBe("4kenr7N9drpCJ4AfalmlGQVsOn3o2RHjkADUpXJWZUc");
  expect(lookupHash("18005552067", "msisdn", "matrixrocks")).toBe("nlo35_T5fzSGZzJApqu8lgIudJvmOQtDaHtr-I4rU7I");
});

test("rules 22 to 25: finds by the current pepper, through its changes, until the association is over", async () => {
  const { sid, client_secret } = await running.startValidated(token, "alice@example.org");
  await running.call("POST", "/v2/3pid/bind", { token, body: { sid, client_secret, mxid: alice } });
  const details = await running.call("GET", "/v2/hash_details", { token });
  expect(details.body["algorithms"]).toContain("sha256");

  const seen = new Set<string>();
  for (let period = 0; period < 3; period++) {
    const current = await pepper();
    expect(seen.has(current)).toBe(false);
    const hash = lookupHash("alice@example.org", "email", current);
    const found = await lookup({ algorithm: "sha256", pepper: current, addresses: [hash, hash, "AAAA", "", "%%%"] });
    expect(found.body).toEqual({ mappings: { [hash]: alice } });
    for (const wrong of ["", "wrong", ...seen]) {
      const refused = await lookup({ algorithm: "sha256", pepper: wrong, addresses: [hash] });
      expect(refused).toMatchObject({ status: 400, body: { errcode: "M_INVALID_PEPPER", lookup_pepper: current } });
      expect(refused.body["algorithm"]).toBe("sha256");
    }
    seen.add(current);
    running.clock.advance(pepperRotationMs);
  }

  running.clock.advance(10 * pepperRotationMs);
  const current = await pepper();
  const addresses = [lookupHash("alice@example.org", "email", current)];
  expect((await lookup({ algorithm: "sha256", pepper: current, addresses })).body).toEqual({ mappings: {} });
});

test("rules 26 and 27: algorithms that are not offered are refused", async () => {
  const addresses = ["alice@example.org email"];
  for (const algorithm of ["none", "md5", "constructor"]) {
    const answer = await lookup({ algorithm, pepper: await pepper(), addresses });
    expect(answer).toMatchObject({ status: 400, body: { errcode: "M_INVALID_PARAM" } });
  }
});

test("rule 28: no addresses, strange ones and too many", async () => {
  expect((await ask([])).body).toEqual({ mappings: {} });
  expect((await ask(["__proto__", "constructor", "💥"])).body).toEqual({ mappings: {} });
  expect((await ask(Array.from({ length: 10_000 }, (_, i) => `hash-${i}`))).body).toEqual({ mappings: {} });
  expect(await ask(Array.from({ length: 10_001 }, (_, i) => `hash-${i}`))).toMatchObject({
    status: 400,
    body: { errcode: "M_INVALID_PARAM" },
  });
});
