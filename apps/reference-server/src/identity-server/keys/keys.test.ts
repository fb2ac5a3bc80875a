import { afterAll, beforeAll, expect, test } from "vitest";
import { decodeUnpaddedBase64 } from "../../crypto/unpadded-base64.ts";
import { peerName, runIdentityServer } from "../fixtures/running-identity-server.ts";
import type { RunningIdentityServer } from "../fixtures/running-identity-server.ts";

const alice = `@alice:${peerName}`;
let running: RunningIdentityServer;

beforeAll(async () => {
  running = await runIdentityServer();
});
afterAll(() => running[Symbol.asyncDispose]());

async function isValid(path: string, public_key: string): Promise<unknown> {
  return (await running.call("GET", path, { query: { public_key } })).body["valid"];
}

test("rules 19 to 21: publishes its long-term key, and tells the two kinds of keys apart", async () => {
  const token = await running.register(alice);
  const body = { medium: "email", address: "bob@example.com", room_id: "!room:peer.test", sender: alice };
  const { body: stored } = await running.call("POST", "/v2/store-invite", { token, body });
  const [longTerm = "", ephemeral = ""] = (stored["public_keys"] as { public_key: string }[]).map(
    ({ public_key }) => public_key,
  );
  expect(await isValid("/v2/pubkey/isvalid", longTerm)).toBe(true);
  expect(await isValid("/v2/pubkey/isvalid", ephemeral)).toBe(false);
  expect(await isValid("/v2/pubkey/ephemeral/isvalid", ephemeral)).toBe(true);
  expect(await isValid("/v2/pubkey/ephemeral/isvalid", longTerm)).toBe(false);
  for (const variant of [`${ephemeral}=`, "AAAA", "no key"]) {
    expect(await isValid("/v2/pubkey/ephemeral/isvalid", variant)).toBe(false);
    expect(await isValid("/v2/pubkey/isvalid", variant)).toBe(false);
  }
  expect(decodeUnpaddedBase64(longTerm)).toHaveLength(32);
  expect(await running.call("GET", "/v2/pubkey/ed25519:none")).toMatchObject({
    status: 404,
    body: { errcode: "M_NOT_FOUND" },
  });
});
