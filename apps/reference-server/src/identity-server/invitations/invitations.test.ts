import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { signingKeyFromSeed, verifySignedJson } from "../../crypto/signing-keys.ts";
import { decodeUnpaddedBase64 } from "../../crypto/unpadded-base64.ts";
import { parseXMatrix, verifyRequest } from "../../federation/x-matrix.ts";
import type { JsonObject } from "../../json.ts";
import { createSharedDatabase } from "../../storage/fixtures/databases.ts";
import { hour, peerName, runIdentityServer } from "../fixtures/running-identity-server.ts";
import type { RunningIdentityServer } from "../fixtures/running-identity-server.ts";
import { displayNameOf } from "./display-name.ts";

const alice = `@alice:${peerName}`;
const bob = `@bob:${peerName}`;
const address = "bob@example.com";
const room_id = `!garden:${peerName}`;
let running: RunningIdentityServer;
let token: string;

beforeEach(async () => {
  running = await runIdentityServer();
  token = await running.register(alice);
});
afterEach(() => running[Symbol.asyncDispose]());

function invite(changes: object = {}) {
  const body = { medium: "email", address, room_id, sender: alice, room_name: "The garden", ...changes };
  return running.call("POST", "/v2/store-invite", { token, body });
}

async function bindBob(): Promise<void> {
  const { sid, client_secret } = await running.startValidated(token, address);
  const request = { token: await running.register(bob), body: { sid, client_secret, mxid: bob } };
  const bound = await running.call("POST", "/v2/3pid/bind", request);
  expect(bound.status).toBe(200);
}

describe("store-invite", () => {
  test("rules 50 and 51: keys that are valid where they say, a name that hides the address, a mail", async () => {
    const stored = await invite({ sender_display_name: "Alice <b>", address: "Bob@Example.com" });
    expect(stored.status).toBe(200);
    expect(stored.body["token"]).toMatch(/^[0-9a-zA-Z.=_-]{1,255}$/);
    const keys = stored.body["public_keys"] as { public_key: string; key_validity_url: string }[];
    expect(keys).toHaveLength(2);
    for (const { public_key, key_validity_url } of keys) {
      const url = new URL(key_validity_url);
      url.searchParams.set("public_key", public_key);
      expect(await (await fetch(url)).json()).toEqual({ valid: true });
    }
    expect(stored.body["display_name"]).not.toMatch(/bob|example\.com/i);

    const [mail] = await running.messages(address);
    expect(mail?.text).toContain(alice);
    expect(mail?.text).toContain("The garden");
    expect(mail?.html).toContain("Alice &lt;b&gt;");
  });

  test("no name can put a link of its own before ours, nor bury ours under words", async () => {
    const lure =
      "Your account is locked.\u202E Log in at https://evil.example/login?a=1 or www.evil.example or evil.example/x";
    const names = {
      sender_display_name: `${lure} ${"long ".repeat(100_000)}`,
      room_name: lure,
      room_alias: "#evil.example/a:b",
    };
    expect((await invite(names)).status).toBe(200);
    expect((await invite({ ...names, room_name: undefined })).status).toBe(200);
    for (const { subject, text, html } of await running.messages(address)) {
      for (const part of [subject, text, html ?? ""]) {
        expect(part).not.toMatch(/https?:\/\/(?!matrix\.to\/)|www\.|evil\.example(?!%2F)/u);
        expect(part).not.toContain("\u202E");
      }
      expect(subject.length).toBeLessThan(300);
      expect(text.length).toBeLessThan(2000);
    }
  });

  test("rule 52: another medium, and an address that is bound", async () => {
    expect(await invite({ medium: "msisdn", address: "447700900123" })).toMatchObject({
      status: 400,
      body: { errcode: "M_UNRECOGNIZED" },
    });
    await bindBob();
    const inUse = { status: 400, body: { errcode: "M_THREEPID_IN_USE", mxid: bob } };
    expect(await invite({ address: "BOB@example.com" })).toMatchObject(inUse);
  });

  test("nobody invites in another's name, or nobody", async () => {
    for (const changes of [{ sender: bob }, { address: "bob" }, { room_id: "garden" }]) {
      expect(await invite(changes)).toMatchObject({ status: 400, body: { errcode: "M_INVALID_PARAM" } });
    }
    expect(await running.messages(address)).toHaveLength(0);
  });
});

test.each([
  ["a@b.c", "...@..."],
  ["bob@example.com", "...@ex..."],
  ["alexandria@matrix-openapi.example", "al...@mat..."],
])("%s is shown as %s", (email, name) => {
  expect(displayNameOf(email)).toBe(name);
});

describe("sign-ed25519", () => {
  test("rule 54: signs with the key from the mail for the invitation that there is", async () => {
    const stored = await invite();
    const [mail] = await running.messages(address);
    const link = new URL((mail?.links[0] ?? "").replace("/#/", "/"));
    const signUrl = new URL(link.searchParams.get("signurl") ?? "");
    const private_key = signUrl.searchParams.get("private_key") ?? "";
    const keys = stored.body["public_keys"] as { public_key: string }[];
    expect(signUrl.searchParams.get("token")).toBe(stored.body["token"]);
    const seed = decodeUnpaddedBase64(private_key) ?? new Uint8Array();
    expect(signingKeyFromSeed(seed, "0").publicKey).toBe(keys[1]?.public_key);

    const body = { mxid: bob, token: stored.body["token"], private_key };
    const signed = await running.call("POST", "/v2/sign-ed25519", { token, body });
    expect(signed.body).toMatchObject({ mxid: bob, sender: alice, token: stored.body["token"] });
    const serverName = new URL(running.server.identity).host;
    expect(verifySignedJson(signed.body, serverName, "ed25519:0", keys[1]?.public_key ?? "")).toBe(true);

    const unknown = await running.call("POST", "/v2/sign-ed25519", { token, body: { ...body, token: "unknown" } });
    expect(unknown).toMatchObject({ status: 404, body: { errcode: "M_UNRECOGNIZED" } });
    for (const wrong of ["AAAA", "AAA=", "%"]) {
      const answer = await running.call("POST", "/v2/sign-ed25519", { token, body: { ...body, private_key: wrong } });
      expect(answer).toMatchObject({ status: 400, body: { errcode: "M_INVALID_PARAM" } });
    }
  });
});

async function publishedKey(keyId: string): Promise<string> {
  return String((await running.call("GET", `/v2/pubkey/${keyId}`)).body["public_key"]);
}

describe("onbind", () => {
  test("rule 53: a bind hands the invitations, signed, to the homeserver of the user, once", async () => {
    const first = await invite();
    const second = await invite({ room_id: `!kitchen:${peerName}` });
    await invite({ address: "carol@example.com" });
    await bindBob();
    await vi.waitFor(() => expect(running.peer.calls).toHaveLength(1));
    const [call] = running.peer.calls;
    const body = call?.body ?? {};
    expect(body).toMatchObject({ medium: "email", address, mxid: bob });
    const invites = body["invites"] as JsonObject[];
    expect(invites.map((each) => (each["signed"] as JsonObject)["token"])).toEqual([
      first.body["token"],
      second.body["token"],
    ]);
    expect(invites[0]).toMatchObject({ medium: "email", address, mxid: bob, room_id, sender: alice });

    const us = new URL(running.server.identity).host;
    const header = parseXMatrix(call?.authorization ?? null);
    if (header === null) throw new Error("the call is not signed");
    expect(header).toMatchObject({ origin: us, destination: peerName });
    const publicKey = await publishedKey(header.key);
    expect(verifyRequest({ method: "POST", uri: call?.url ?? "", content: body }, header, publicKey)).toBe(true);
    expect(verifySignedJson(body, us, header.key, publicKey)).toBe(true);
    expect(verifySignedJson(invites[0]?.["signed"] as JsonObject, us, header.key, publicKey)).toBe(true);

    await bindBob();
    expect(running.peer.calls).toHaveLength(1);
  });

  test("uses PUT where POST is not known", async () => {
    running.peer.onbind.POST = 405;
    await invite();
    await bindBob();
    await vi.waitFor(() => expect(running.peer.calls.map(({ method }) => method)).toEqual(["POST", "PUT"]));
  });

  test("a homeserver that fails does not make the bind fail, and is asked again", async () => {
    running.peer.onbind.POST = 500;
    await invite();
    await bindBob();
    await vi.waitFor(() => expect(running.peer.calls).toHaveLength(1));
    running.peer.onbind.POST = 200;
    await vi.waitFor(() => expect(running.peer.calls).toHaveLength(2), 10_000);
  });

  test("what a process that is gone could not deliver, another one does within an hour, and once", async () => {
    await using database = await createSharedDatabase();
    const { peer } = running;
    peer.onbind.POST = 500;
    const outer = { running, token };
    running = await runIdentityServer({ database: database.location }, peer);
    await using other = await runIdentityServer({ database: database.location }, peer);
    token = await running.register(alice);
    await invite();
    await bindBob();
    await vi.waitFor(() => expect(peer.calls).toHaveLength(1), 10_000);
    await running[Symbol.asyncDispose]();
    ({ running, token } = outer);

    peer.onbind.POST = 200;
    other.clock.advance(hour);
    await vi.waitFor(() => expect(peer.calls).toHaveLength(2), 10_000);
    other.clock.advance(hour);
    await other.server.close(); // waits for what has been begun
    expect(peer.calls).toHaveLength(2);
  });

  test("what one process could not deliver, the next one does, with the same key", async () => {
    const directory = await mkdtemp(join(tmpdir(), "identity-server-"));
    const database = join(directory, "matrix.db");
    try {
      const { peer } = running;
      peer.onbind.POST = 500;
      const before = await runIdentityServer({ database }, peer);
      const outer = { running, token };
      running = before;
      token = await before.register(alice);
      await invite();
      await bindBob();
      await vi.waitFor(() => expect(peer.calls).toHaveLength(1));
      await before[Symbol.asyncDispose]();
      ({ running, token } = outer);

      peer.onbind.POST = 200;
      const after = await runIdentityServer({ database }, peer);
      await vi.waitFor(() => expect(peer.calls).toHaveLength(2));
      const [first, second] = peer.calls.map(({ authorization }) => parseXMatrix(authorization ?? null)?.key);
      expect(second).toBe(first);
      await after[Symbol.asyncDispose]();
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
