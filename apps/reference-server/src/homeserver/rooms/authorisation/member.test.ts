import { describe, expect, test } from "vitest";
import { signingKeyFromSeed, signJson } from "../../../crypto/signing-keys.ts";
import type { JsonObject } from "../../../json.ts";
import { authorise } from "./authorise.ts";
import {
  alice,
  bob,
  carol,
  dave,
  check,
  emptyRoom,
  event,
  levels,
  member,
  room,
  rule,
  versions,
} from "./fixtures/rules.ts";

describe("5.3 joining", () => {
  const eve = "@eve:a.example";
  const restricted = { join_authorised_via_users_server: bob };
  check([
    ["5.1 no membership", false, event("m.room.member", eve, {}, eve), rule("public")],
    ["5.1 no state key", false, event("m.room.member", eve, { membership: "join" }, null), rule("public")],
    [
      "5.2 authorised by another server",
      false,
      member(eve, "join", eve, { join_authorised_via_users_server: dave }),
      rule("public"),
    ],
    ["5.3.2 for another", false, member(alice, "join", eve), rule("public")],
    ["5.3.3 banned", false, member(eve, "join"), rule("public"), member(alice, "ban", eve)],
    ["5.3.4 invite, not invited", false, member(eve, "join"), rule("invite")],
    ["5.3.4 invite, invited", true, member(eve, "join"), rule("invite"), member(alice, "invite", eve)],
    ["5.3.4 no rule is invite", false, member(eve, "join")],
    ["5.3.4 knock, knocking", false, member(eve, "join"), rule("knock"), member(eve, "knock")],
    ["5.3.4 again", true, member(bob, "join", bob, { displayname: "Bob" }), rule("invite")],
    ["5.3.5.1 restricted, invited", true, member(eve, "join"), rule("restricted"), member(alice, "invite", eve)],
    ["5.3.5.2 restricted, by nobody", false, member(eve, "join"), rule("restricted")],
    [
      "5.3.5.2 restricted, by who is not in the room",
      false,
      member(eve, "join", eve, restricted),
      rule("restricted"),
      member(bob, "leave"),
    ],
    [
      "5.3.5.2 restricted, by who may not invite",
      false,
      member(eve, "join", eve, restricted),
      rule("restricted"),
      levels(alice, { invite: 51, users: { [bob]: 50 } }),
    ],
    ["5.3.5.3 restricted, by who may", true, member(eve, "join", eve, restricted), rule("restricted")],
    ["5.3.5.3 knock_restricted, by who may", true, member(eve, "join", eve, restricted), rule("knock_restricted")],
    ["5.3.6 public", true, member(eve, "join"), rule("public")],
    ["5.3.7 private", false, member(eve, "join"), rule("private")],
    ["5.8 unknown", false, member(eve, "dance"), rule("public")],
  ]);

  test.each(versions)("5.3.1 the creator comes first in version %s", (version) => {
    const events = room(version).events.slice(0, 1);
    const state = { ...emptyRoom(version), justCreated: true, events };
    expect(authorise(member(alice, "join"), state)).toBeNull();
    expect(authorise(member(bob, "join"), state)).not.toBeNull();
    expect(authorise(member(alice, "join"), { ...state, justCreated: false })).not.toBeNull();
  });
});

describe("5.4 inviting", () => {
  const eve = "@eve:a.example";
  check([
    ["5.4.2 from outside", false, member(dave, "invite", eve)],
    ["5.4.3 who is in", false, member(alice, "invite", bob)],
    ["5.4.3 who is banned", false, member(alice, "invite", eve), member(alice, "ban", eve)],
    ["5.4.4 with enough power", true, member(carol, "invite", eve)],
    ["5.4.4 again", true, member(bob, "invite", eve), member(alice, "invite", eve)],
    ["5.4.5 with too little", false, member(carol, "invite", eve), levels(alice, { invite: 1 })],
  ]);
});

describe("5.4.1 inviting whom an identity server knows", () => {
  const eve = "@eve:a.example";
  const key = signingKeyFromSeed(new Uint8Array(32).fill(1), "0");
  const other = signingKeyFromSeed(new Uint8Array(32).fill(2), "0");
  const sign = (content: JsonObject, by = key) => signJson(content, "id.example", by);
  const invite = (signed: JsonObject | undefined, sender = carol) =>
    member(sender, "invite", eve, { third_party_invite: { display_name: "e", ...(signed && { signed }) } });
  const kept = (content: JsonObject, sender = carol) => event("m.room.third_party_invite", sender, content, "token");
  const single = kept({ public_key: key.publicKey });
  const good = sign({ mxid: eve, token: "token" });
  check([
    ["5.4.1.1 banned", false, invite(good), single, member(alice, "ban", eve)],
    ["5.4.1.2 not signed", false, invite(undefined), single],
    ["5.4.1.3 no token", false, invite(sign({ mxid: eve })), single],
    ["5.4.1.3 no mxid", false, invite(sign({ token: "token" })), single],
    ["5.4.1.4 for another", false, invite(sign({ mxid: bob, token: "token" })), single],
    ["5.4.1.5 no such invitation", false, invite(good)],
    ["5.4.1.6 by another", false, invite(good, bob), single],
    ["5.4.1.7 by the key", true, invite(good), single],
    [
      "5.4.1.7 by one of the keys",
      true,
      invite(good),
      kept({ public_keys: [{ public_key: other.publicKey }, { public_key: key.publicKey }] }),
    ],
    ["5.4.1.7 by who has left since", true, invite(good), single, member(carol, "leave")],
    ["5.4.1.8 by another key", false, invite(sign({ mxid: eve, token: "token" }, other)), single],
    ["5.4.1.8 changed", false, invite({ ...good, more: 1 }), single],
  ]);
});

describe("5.5 leaving, kicking, unbanning", () => {
  const eve = "@eve:a.example";
  check([
    ["5.5.1 from inside", true, member(carol, "leave")],
    ["5.5.1 an invitation", true, member(eve, "leave"), member(alice, "invite", eve)],
    ["5.5.1 a knock", true, member(eve, "leave"), member(eve, "knock")],
    ["5.5.1 from outside", false, member(eve, "leave")],
    ["5.5.1 a ban", false, member(eve, "leave"), member(alice, "ban", eve)],
    ["5.5.2 kick from outside", false, member(dave, "leave", carol)],
    [
      "5.5.3 unban with too little",
      false,
      member(bob, "leave", eve),
      member(alice, "ban", eve),
      levels(alice, { users: { [bob]: 50 }, ban: 51 }),
    ],
    ["5.5.4 unban", true, member(bob, "leave", eve), member(alice, "ban", eve)],
    ["5.5.4 kick", true, member(bob, "leave", carol)],
    ["5.5.5 kick upwards", false, member(bob, "leave", alice)],
    ["5.5.5 kick an equal", false, member(bob, "leave", carol), levels(alice, { users: { [bob]: 50, [carol]: 50 } })],
    ["5.5.5 kick with too little", false, member(carol, "leave", bob)],
  ]);
});

describe("5.6 banning", () => {
  const eve = "@eve:a.example";
  check([
    ["5.6.1 from outside", false, member(dave, "ban", carol)],
    ["5.6.2 downwards", true, member(bob, "ban", carol)],
    ["5.6.2 who was never there", true, member(bob, "ban", eve)],
    ["5.6.3 upwards", false, member(bob, "ban", alice)],
    ["5.6.3 oneself", false, member(bob, "ban", bob)],
    ["5.6.3 with too little", false, member(carol, "ban", eve)],
  ]);
});

describe("5.7 knocking", () => {
  const eve = "@eve:a.example";
  check([
    ["5.7.1 where there are none", false, member(eve, "knock"), rule("invite")],
    ["5.7.1 restricted", false, member(eve, "knock"), rule("restricted")],
    ["5.7.2 for another", false, member(alice, "knock", eve), rule("knock")],
    ["5.7.3 from outside", true, member(eve, "knock"), rule("knock")],
    ["5.7.3 knock_restricted", true, member(eve, "knock"), rule("knock_restricted")],
    ["5.7.4 banned", false, member(eve, "knock"), rule("knock"), member(alice, "ban", eve)],
    ["5.7.4 invited", false, member(eve, "knock"), rule("knock"), member(alice, "invite", eve)],
    ["5.7.4 inside", false, member(bob, "knock"), rule("knock")],
  ]);
});
