import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createHash } from "node:crypto";
import { signRequest } from "../../federation/x-matrix.ts";
import { verifySignedJson } from "../../crypto/signing-keys.ts";
import { hour, peerName, runIdentityServer } from "../fixtures/running-identity-server.ts";
import type { RunningIdentityServer, StartedSession } from "../fixtures/running-identity-server.ts";

const alice = `@alice:${peerName}`;
const bob = `@bob:${peerName}`;
let running: RunningIdentityServer;
let token: string;
let addresses = 0;

beforeAll(async () => {
  running = await runIdentityServer();
  token = await running.register(alice);
});
afterAll(() => running[Symbol.asyncDispose]());

const newAddress = () => `alice-${++addresses}@example.org`;

function bind({ sid, client_secret }: StartedSession, mxid = alice, owner = token) {
  return running.call("POST", "/v2/3pid/bind", { token: owner, body: { sid, client_secret, mxid } });
}

async function lookup(address: string, medium = "email"): Promise<unknown> {
  const details = await running.call("GET", "/v2/hash_details", { token });
  const pepper = String(details.body["lookup_pepper"]);
  const hash = createHash("sha256").update(`${address} ${medium} ${pepper}`).digest("base64url");
  const body = { algorithm: "sha256", pepper, addresses: [hash, "no hash at all"] };
  const found = await running.call("POST", "/v2/lookup", { token, body });
  const mappings = found.body["mappings"] as Record<string, unknown>; // as described
  expect(Object.keys(mappings).filter((key) => key !== hash)).toEqual([]);
  return mappings[hash];
}

describe("bind", () => {
  test("rules 39, 44, 45 and 46: publishes what was validated, signed by our key", async () => {
    const address = newAddress();
    const session = await running.startValidated(token, address);
    expect(await lookup(address)).toBeUndefined();

    const bound = await bind(session);
    expect(bound.status).toBe(200);
    const { ts, not_before, not_after } = bound.body as Record<string, number>;
    expect(bound.body).toMatchObject({ medium: "email", address, mxid: alice, ts: running.clock.now() });
    expect(Object.keys(bound.body)).toHaveLength(7);
    expect(not_before).toBeLessThanOrEqual(ts ?? 0);
    expect(not_after).toBeGreaterThanOrEqual(ts ?? 0);
    const [[serverName, signatures] = ["", {}]] = Object.entries(bound.body["signatures"] ?? {});
    const [keyId = ""] = Object.keys(signatures as object);
    const published = await running.call("GET", `/v2/pubkey/${encodeURIComponent(keyId)}`);
    expect(verifySignedJson(bound.body, serverName, keyId, String(published.body["public_key"]))).toBe(true);

    expect(await lookup(address)).toBe(alice);
  });

  test("publishes phone numbers too, and the last one to bind an address has it", async () => {
    const session = await running.startValidated(token, "447700900123");
    expect((await bind(session)).status).toBe(200);
    expect(await lookup("447700900123", "msisdn")).toBe(alice);
    expect((await bind(session, bob, await running.register(bob))).status).toBe(200);
    expect(await lookup("447700900123", "msisdn")).toBe(bob);
  });

  test("rule 47: binds nobody but the owner of the access token, who alone can agree to it", async () => {
    const address = newAddress();
    const session = await running.startValidated(token, address);
    for (const mxid of [bob, "@alice:elsewhere.test"]) {
      expect(await bind(session, mxid)).toMatchObject({ status: 403, body: { errcode: "M_FORBIDDEN" } });
    }
    expect(await lookup(address)).toBeUndefined();
  });

  test("rule 41: knows no session by a wrong ID or secret", async () => {
    const session = await running.startValidated(token, newAddress());
    for (const wrong of [
      { ...session, sid: "other" },
      { ...session, client_secret: "other" },
    ]) {
      expect(await bind(wrong)).toMatchObject({ status: 404, body: { errcode: "M_NO_VALID_SESSION" } });
    }
  });

  test("rules 42 and 43: wants a session that is validated and not too old, as getValidated3pid does", async () => {
    const address = newAddress();
    const session = await running.startSession(token, address);
    const { sid, client_secret } = session;
    const ask = () => running.call("GET", "/v2/3pid/getValidated3pid", { token, query: { sid, client_secret } });
    const notYet = { status: 400, body: { errcode: "M_SESSION_NOT_VALIDATED" } };
    expect(await bind(session)).toMatchObject(notYet);
    expect(await ask()).toMatchObject(notYet);

    await running.call("POST", "/v2/validate/email/submitToken", { token, body: session });
    const validated_at = running.clock.now();
    expect((await ask()).body).toEqual({ medium: "email", address, validated_at });

    running.clock.advance(24 * hour + 1);
    const expired = { status: 400, body: { errcode: "M_SESSION_EXPIRED" } };
    expect(await bind(session)).toMatchObject(expired);
    expect(await ask()).toMatchObject(expired);
  });

  test("50 at once leave one association and no error", async () => {
    const address = newAddress();
    const session = await running.startValidated(token, address);
    const answers = await Promise.all(Array.from({ length: 50 }, () => bind(session)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await lookup(address)).toBe(alice);
  });
});

async function bindNew(): Promise<{ address: string; session: StartedSession }> {
  const address = newAddress();
  const session = await running.startValidated(token, address);
  await bind(session);
  return { address, session };
}

function unbind(address: string, credentials: Partial<StartedSession>, withToken = true) {
  const { sid, client_secret } = credentials;
  const body = { mxid: alice, threepid: { medium: "email", address }, sid, client_secret };
  return running.call("POST", "/v2/3pid/unbind", { body, ...(withToken ? { token } : {}) });
}

describe("unbind", () => {
  test("rules 46 and 48: withdraws by session and secret, however the address is written", async () => {
    const { address, session } = await bindNew();
    expect(await unbind(address.toUpperCase(), session)).toMatchObject({ status: 200, body: {} });
    expect(await lookup(address)).toBeUndefined();
    expect((await unbind(address, session)).status).toBe(200);
  });

  test("rule 48: wrong credentials, and those of another address, withdraw nothing", async () => {
    const { address, session } = await bindNew();
    const other = await running.startValidated(token, newAddress());
    for (const wrong of [{}, { sid: session.sid }, { ...session, client_secret: "other" }, other]) {
      expect(await unbind(address, wrong)).toMatchObject({ status: 403, body: { errcode: "M_FORBIDDEN" } });
    }
    expect(await unbind(address, session, false)).toMatchObject({ status: 401, body: { errcode: "M_UNAUTHORIZED" } });
    expect(await lookup(address)).toBe(alice);
  });

  test("rule 49: withdraws for the homeserver of the user, and for no other", async () => {
    const { address } = await bindNew();
    const { key } = running.peer;
    const us = new URL(running.server.identity).host;
    const send = (mxid: string, origin: string, destination: string, signed = address) => {
      const content = (of: string) => ({ mxid, threepid: { medium: "email", address: of } });
      const uri = "/_matrix/identity/v2/3pid/unbind";
      const authorization = signRequest({ method: "POST", uri, content: content(signed) }, origin, destination, key);
      return running.call("POST", "/v2/3pid/unbind", { body: content(address), headers: { authorization } });
    };
    const forbidden = { status: 403, body: { errcode: "M_FORBIDDEN" } };
    expect(await send(alice, "other.test", us)).toMatchObject(forbidden);
    expect(await send("@alice:other.test", peerName, us)).toMatchObject(forbidden);
    expect(await send(alice, peerName, "another-identity-server.test")).toMatchObject(forbidden);
    expect(await send(alice, peerName, us, "somebody-else@example.org")).toMatchObject(forbidden);
    expect(await lookup(address)).toBe(alice);
    expect(await send(alice, peerName, us)).toMatchObject({ status: 200, body: {} });
    expect(await lookup(address)).toBeUndefined();
  });
});
