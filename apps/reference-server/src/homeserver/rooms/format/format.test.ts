import { describe, expect, test } from "vitest";
import { signingKeyFromSeed, verifySignedJson } from "../../../crypto/signing-keys.ts";
import { decodeUnpaddedBase64 } from "../../../crypto/unpadded-base64.ts";
import type { JsonObject } from "../../../json.ts";
import { contentHash, essentialText, referenceHash } from "./hashes.ts";
import { redact } from "./redact.ts";
import { requestedRoomVersion } from "./room-version.ts";
import { signEvent } from "./sign-event.ts";

const [v10, v11, v12] = ["10", "11", "12"].map(requestedRoomVersion) as [V, V, V];
type V = ReturnType<typeof requestedRoomVersion>;

const seed = decodeUnpaddedBase64("YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA1") ?? new Uint8Array();
const signingKey = signingKeyFromSeed(seed, "1");
const signer = { signingKey, config: { serverName: "domain" } };

/** https://spec.matrix.org/v1.19/appendices/#event-signing */
describe("the specification's own test vectors come out", () => {
  test.each([
    [
      {
        room_id: "!x:domain",
        sender: "@a:domain",
        origin: "domain",
        origin_server_ts: 1000000,
        signatures: {},
        hashes: {},
        type: "X",
        content: {},
        prev_events: [],
        auth_events: [],
        depth: 3,
        unsigned: { age_ts: 1000000 },
      },
      "5jM4wQpv6lnBo7CLIghJuHdW+s2CMBJPUOGOC89ncos",
      "KxwGjPSDEtvnFgU00fwFz+l6d2pJM6XBIaMEn81SXPTRl16AqLAYqfIReFGZlHi5KLjAWbOoMszkwsQma+lYAg",
    ],
    [
      {
        content: { body: "Here is the message content" },
        event_id: "$0:domain",
        origin: "domain",
        origin_server_ts: 1000000,
        type: "m.room.message",
        room_id: "!r:domain",
        sender: "@u:domain",
        signatures: {},
        unsigned: { age_ts: 1000000 },
      },
      "onLKD1bGljeBWQhWZ1kaP9SorVmRQNdN5aM2JYU2n/g",
      "Wm+VzmOUOz08Ds+0NTWb1d4CZrVsJSikkeRxh6aCcUwu6pNC78FunoD7KNWzqFn241eYHYMGCA5McEiVPdhzBA",
    ],
  ])("of event %#", (event, sha256, signature) => {
    const { json } = signEvent(signer, event, v10); // 10, because it keeps `origin` as those of old did
    expect(json).toEqual({ ...event, hashes: { sha256 }, signatures: { domain: { "ed25519:1": signature } } });
  });
});

describe("hashes", () => {
  const event = { type: "m.room.message", content: { body: "x" }, room_id: "!r", sender: "@u:domain", depth: 1 };

  test("of the content cover all but hashes, signatures and unsigned", () => {
    const hash = contentHash(event);
    expect(contentHash({ ...event, hashes: { sha256: "x" }, signatures: {}, unsigned: {} })).toBe(hash);
    expect(contentHash({ ...event, content: { body: "y" } })).not.toBe(hash);
    expect(contentHash({ ...event, other: 1 })).not.toBe(hash);
  });

  test("that become IDs stay the same when the event is redacted, in the URL-safe alphabet", () => {
    const { eventId, json } = signEvent(signer, event, v12);
    expect(eventId).toMatch(/^\$[A-Za-z0-9_-]{43}$/);
    expect(`$${referenceHash(essentialText(redact(json, v12), v12))}`).toBe(eventId);
    expect(`$${referenceHash(essentialText({ ...json, unsigned: { age: 1 }, signatures: {} }, v12))}`).toBe(eventId);
    expect(`$${referenceHash(essentialText({ ...json, depth: 2 }, v12))}`).not.toBe(eventId);
  });

  test("and signatures hold for what is left of a redacted event", () => {
    const { json } = signEvent(signer, event, v12);
    expect(verifySignedJson(redact(json, v12), "domain", "ed25519:1", signingKey.publicKey)).toBe(true);
  });
});

describe("redaction", () => {
  const around = {
    event_id: "$e",
    room_id: "!r",
    sender: "@u:domain",
    state_key: "",
    hashes: {},
    signatures: {},
    depth: 1,
    prev_events: [],
    auth_events: [],
    origin_server_ts: 1,
  };
  const old = { prev_state: [], origin: "domain", membership: "join" };

  test("takes away what is no part of the format, of which old versions had more", () => {
    const event = { ...around, ...old, type: "X", content: { a: 1 }, unsigned: {}, redacts: "$f", other: 1 };
    expect(redact(event, v10)).toEqual({ ...around, ...old, type: "X", content: {} });
    for (const version of [v11, v12]) expect(redact(event, version)).toEqual({ ...around, type: "X", content: {} });
  });

  const levels = {
    ban: 1,
    events: {},
    events_default: 1,
    kick: 1,
    redact: 1,
    state_default: 1,
    users: {},
    users_default: 1,
  };
  const create = { creator: "@u:domain", room_version: "1", other: 1 };
  const third = { display_name: "x", signed: { token: "t" } };
  const member = { membership: "join", join_authorised_via_users_server: "@u:domain" };

  test.each<[string, JsonObject, JsonObject, JsonObject]>([
    ["m.room.create", create, { creator: "@u:domain" }, create],
    ["m.room.member", { ...member, displayname: "x" }, member, member],
    [
      "m.room.member",
      { membership: "invite", third_party_invite: third },
      { membership: "invite" },
      { membership: "invite", third_party_invite: { signed: { token: "t" } } },
    ],
    [
      "m.room.join_rules",
      { join_rule: "restricted", allow: [], x: 1 },
      { join_rule: "restricted", allow: [] },
      { join_rule: "restricted", allow: [] },
    ],
    ["m.room.power_levels", { ...levels, invite: 1, notifications: {} }, levels, { ...levels, invite: 1 }],
    [
      "m.room.history_visibility",
      { history_visibility: "shared", x: 1 },
      { history_visibility: "shared" },
      { history_visibility: "shared" },
    ],
    ["m.room.redaction", { redacts: "$f", reason: "x" }, {}, { redacts: "$f" }],
    ["m.room.aliases", { aliases: [] }, {}, {}],
    ["m.room.message", { membership: "join", redacts: "$f" }, {}, {}],
    ["constructor", { membership: "join" }, {}, {}],
    ["__proto__", { membership: "join" }, {}, {}],
  ])("leaves of %s what its version says", (type, content, in10, since11) => {
    expect(redact({ ...around, type, content }, v10)["content"]).toEqual(in10);
    for (const version of [v11, v12]) expect(redact({ ...around, type, content }, version)["content"]).toEqual(since11);
  });
});
