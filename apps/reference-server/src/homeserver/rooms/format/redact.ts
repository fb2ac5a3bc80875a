import { isObject } from "../../../json.ts";
import type { JsonObject } from "../../../json.ts";
import type { RoomVersion } from "./room-version.ts";

/**
 * What a redaction leaves of an event, and what signatures and IDs are made of.
 * https://spec.matrix.org/v1.19/rooms/v11/#redactions
 */
export function redact(event: JsonObject, version: RoomVersion): JsonObject {
  const { type, content } = event;
  const left = isObject(content) && typeof type === "string" ? redactContent(type, content, version) : {};
  return { ...pick(event, eventKeys[version.redaction]), content: left };
}

function redactContent(type: string, content: JsonObject, { redaction }: RoomVersion): JsonObject {
  if (redaction === "v11") {
    if (type === "m.room.create") return content;
    if (type === "m.room.member") return { ...pick(content, contentKeys.v11.get(type)), ...signedInvite(content) };
  }
  return pick(content, contentKeys[redaction].get(type));
}

/** Without it, nobody could see any more that the invited owned the address. */
function signedInvite({ third_party_invite: invite }: JsonObject): JsonObject {
  if (!isObject(invite) || invite["signed"] === undefined) return {};
  return { third_party_invite: { signed: invite["signed"] } };
}

function pick(object: JsonObject, keys: readonly string[] = []): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => keys.includes(key)));
}

const commonKeys = [
  "event_id",
  "type",
  "room_id",
  "sender",
  "state_key",
  "content",
  "hashes",
  "signatures",
  "depth",
  "prev_events",
  "auth_events",
  "origin_server_ts",
];

const eventKeys = { v9: [...commonKeys, "prev_state", "origin", "membership"], v11: commonKeys };

const commonContentKeys = {
  "m.room.member": ["membership", "join_authorised_via_users_server"],
  "m.room.join_rules": ["join_rule", "allow"],
  "m.room.history_visibility": ["history_visibility"],
};

const powerLevels = ["ban", "events", "events_default", "kick", "redact", "state_default", "users", "users_default"];

/** By the type of the event, which may be any text: that of a property every object has, too. */
const contentKeys = {
  v9: byType({ ...commonContentKeys, "m.room.create": ["creator"], "m.room.power_levels": powerLevels }),
  v11: byType({
    ...commonContentKeys,
    "m.room.power_levels": [...powerLevels, "invite"],
    "m.room.redaction": ["redacts"],
  }),
};

function byType(keys: Readonly<Record<string, readonly string[]>>): ReadonlyMap<string, readonly string[]> {
  return new Map(Object.entries(keys));
}
