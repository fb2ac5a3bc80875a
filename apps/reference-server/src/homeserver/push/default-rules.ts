import type { PushAction, PushCondition, PushRule, PushRuleset } from "./ruleset.ts";

/**
 * The server's own rules, in the order in which they are checked: `.m.rule.master` before the user's own, all others
 * after. https://spec.matrix.org/v1.19/client-server-api/#predefined-rules
 */
export function defaultRules(userId: string): Pick<PushRuleset, "override" | "underride"> {
  return {
    override: [
      { ...rule(".m.rule.master", [], []), enabled: false },
      rule(".m.rule.suppress_notices", [matches("content.msgtype", "m.notice")], []),
      rule(
        ".m.rule.invite_for_me",
        [matches("type", "m.room.member"), matches("content.membership", "invite"), matches("state_key", userId)],
        ["notify", sound("default")],
      ),
      rule(".m.rule.member_event", [matches("type", "m.room.member")], []),
      rule(
        ".m.rule.is_user_mention",
        [{ kind: "event_property_contains", key: "content.m\\.mentions.user_ids", value: userId }],
        ["notify", sound("default"), highlight],
      ),
      rule(
        ".m.rule.is_room_mention",
        [
          { kind: "event_property_is", key: "content.m\\.mentions.room", value: true },
          { kind: "sender_notification_permission", key: "room" },
        ],
        ["notify", highlight],
      ),
      rule(".m.rule.tombstone", [matches("type", "m.room.tombstone"), matches("state_key", "")], ["notify", highlight]),
      rule(".m.rule.reaction", [matches("type", "m.reaction")], []),
      rule(".m.rule.room.server_acl", [matches("type", "m.room.server_acl"), matches("state_key", "")], []),
      rule(
        ".m.rule.suppress_edits",
        [{ kind: "event_property_is", key: "content.m\\.relates_to.rel_type", value: "m.replace" }],
        [],
      ),
    ],
    underride: [
      rule(".m.rule.call", [matches("type", "m.call.invite")], ["notify", sound("ring")]),
      rule(
        ".m.rule.encrypted_room_one_to_one",
        [twoMembers, matches("type", "m.room.encrypted")],
        ["notify", sound("default")],
      ),
      rule(".m.rule.room_one_to_one", [twoMembers, matches("type", "m.room.message")], ["notify", sound("default")]),
      rule(".m.rule.message", [matches("type", "m.room.message")], ["notify"]),
      rule(".m.rule.encrypted", [matches("type", "m.room.encrypted")], ["notify"]),
    ],
  };
}

function rule(rule_id: string, conditions: PushCondition[], actions: PushAction[]): PushRule {
  return { rule_id, default: true, enabled: true, conditions, actions };
}

function matches(key: string, pattern: string): PushCondition {
  return { kind: "event_match", key, pattern };
}

function sound(value: string): PushAction {
  return { set_tweak: "sound", value };
}

const highlight: PushAction = { set_tweak: "highlight" };

const twoMembers: PushCondition = { kind: "room_member_count", is: "2" };
