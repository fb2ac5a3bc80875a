import { describe, expect, test } from "vitest";
import { authStateKeys } from "./auth-state.ts";
import type { EventDraft } from "./auth-state.ts";
import { bob, carol, member, message } from "./fixtures/rules.ts";

describe("what an event is judged by", () => {
  const common = [
    ["m.room.create", ""],
    ["m.room.power_levels", ""],
    ["m.room.member", carol],
  ];
  test.each<[string, EventDraft, string[][]]>([
    ["a message", message(carol), []],
    ["a join", member(carol, "join"), [["m.room.join_rules", ""]]],
    [
      "a join by somebody's leave",
      member(carol, "join", carol, { join_authorised_via_users_server: bob }),
      [
        ["m.room.join_rules", ""],
        ["m.room.member", bob],
      ],
    ],
    [
      "an invitation",
      member(carol, "invite", bob),
      [
        ["m.room.member", bob],
        ["m.room.join_rules", ""],
      ],
    ],
    [
      "an invitation of an address",
      member(carol, "invite", bob, { third_party_invite: { signed: { token: "t" } } }),
      [
        ["m.room.member", bob],
        ["m.room.join_rules", ""],
        ["m.room.third_party_invite", "t"],
      ],
    ],
    ["a knock", member(carol, "knock"), [["m.room.join_rules", ""]]],
    ["a leave", member(carol, "leave"), []],
    ["a ban", member(carol, "ban", bob), [["m.room.member", bob]]],
  ])("%s", (_name, draft, more) => {
    expect(authStateKeys(draft)).toEqual([...common, ...more]);
  });
});
