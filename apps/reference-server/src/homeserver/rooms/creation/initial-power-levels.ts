import type { components } from "@matrix-openapi/definitions/client-server";
import { asJson, asObject } from "../../../json.ts";
import type { JsonObject } from "../../../json.ts";
import { integer } from "../authorisation/power.ts";
import type { RoomVersion } from "../format/room-version.ts";

type Request = components["schemas"]["CreateRoomRequest"];

/**
 * Who creates a room may set its state, and nobody else. Closing it for good, by a tombstone, takes from version 12 on
 * more than any level that is given. https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3createroom
 */
export function initialPowerLevels(creator: string, request: Request, version: RoomVersion): JsonObject {
  const content = { ...defaults(creator, request, version), ...asJson(request.power_level_content_override ?? {}) };
  return version.creatorsAboveAll ? withTombstoneLevel(content) : content;
}

function defaults(creator: string, { preset, invite = [] }: Request, version: RoomVersion): JsonObject {
  const equals = preset === "trusted_private_chat" ? [creator, ...invite] : [creator];
  return {
    users: version.creatorsAboveAll ? {} : Object.fromEntries(equals.map((userId) => [userId, 100])),
    users_default: 0,
    events: {
      "m.room.avatar": 50,
      "m.room.canonical_alias": 50,
      "m.room.encryption": 100,
      "m.room.history_visibility": 100,
      "m.room.name": 50,
      "m.room.power_levels": 100,
      "m.room.server_acl": 100,
      "m.room.tombstone": version.creatorsAboveAll ? tombstoneLevel : 100,
      "m.room.topic": 50,
    },
    events_default: 0,
    state_default: 50,
    ban: 50,
    kick: 50,
    redact: 50,
    invite: 0,
  };
}

const tombstoneLevel = 150;

/** For an override of `events` that does not think of it. */
export function withTombstoneLevel(content: JsonObject): JsonObject {
  const events = asObject(content["events"]);
  if (events["m.room.tombstone"] !== undefined) return content;
  const level = Math.max(tombstoneLevel, (integer(content["state_default"]) ?? 50) + 1);
  return { ...content, events: { ...events, "m.room.tombstone": level } };
}
