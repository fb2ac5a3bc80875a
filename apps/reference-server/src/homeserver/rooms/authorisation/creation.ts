import { isUserId } from "../../../identifiers.ts";
import { findRoomVersion } from "../format/room-version.ts";
import type { AuthState, EventDraft } from "./auth-state.ts";
import { stateOf } from "./auth-state.ts";
import type { Refusal } from "./refusal.ts";

/**
 * Rule 1; the ID of the room, which rule 1.2 is about, is made from the event or from the server's own name.
 * https://spec.matrix.org/v1.19/rooms/v12/#authorisation-rules
 */
export function authoriseCreation({ content }: EventDraft, state: AuthState): Refusal | null {
  // 1.1
  if (stateOf(state, "m.room.create") !== undefined) return "the room has been created already";
  // 1.3
  const { room_version: version, additional_creators: additional } = content;
  if (version !== undefined && (typeof version !== "string" || findRoomVersion(version) === undefined)) {
    return "there is no such version of rooms";
  }
  // 1.4 of version 10
  if (state.version.creatorInContent && content["creator"] === undefined) return "the content names no creator";
  // 1.4 of version 12
  if (state.version.creatorsAboveAll && additional !== undefined && !isListOfUsers(additional)) {
    return "additional_creators must be a list of user IDs";
  }
  return null;
}

function isListOfUsers(value: unknown): boolean {
  return Array.isArray(value) && value.every((user) => typeof user === "string" && isUserId(user));
}
