import { asObject, isObject } from "../../../json.ts";
import type { JsonObject } from "../../../json.ts";
import type { RoomVersion } from "../format/room-version.ts";
import type { StateKeyPair } from "../state.ts";

/** What the rules look at of an event that is to be. */
export interface EventDraft {
  readonly type: string;
  /** Null for what is no state. */
  readonly stateKey: string | null;
  readonly sender: string;
  readonly content: JsonObject;
}

/** What the rules look at of the room's state. */
export interface AuthEvent extends EventDraft {
  readonly eventId: string;
}

/** The state of a room before an event, as far as the rules look at it; without any, the room is to be created. */
export interface AuthState {
  readonly version: RoomVersion;
  /** Nothing but its creation has happened in the room. */
  readonly justCreated: boolean;
  readonly events: readonly AuthEvent[];
}

export function stateOf(state: AuthState, type: string, stateKey = ""): AuthEvent | undefined {
  return state.events.find((event) => event.type === type && event.stateKey === stateKey);
}

/** Where a user stands; who has had nothing to do with the room, has left it as well. */
export function membershipIn(state: AuthState, userId: string): string {
  const membership = stateOf(state, "m.room.member", userId)?.content["membership"];
  return typeof membership === "string" ? membership : "leave";
}

/**
 * The state that an event's `auth_events` are taken from. The creation is among it, although from version 12 on it is
 * not referred to. https://spec.matrix.org/v1.19/server-server-api/#auth-events-selection
 */
export function authStateKeys({ type, stateKey, sender, content }: EventDraft): StateKeyPair[] {
  const keys: StateKeyPair[] = [
    ["m.room.create", ""],
    ["m.room.power_levels", ""],
    ["m.room.member", sender],
  ];
  if (type !== "m.room.member" || stateKey === null) return keys;
  if (stateKey !== sender) keys.push(["m.room.member", stateKey]);
  const { membership } = content;
  if (membership === "join" || membership === "invite" || membership === "knock") keys.push(["m.room.join_rules", ""]);
  const token = signedInvite(content)?.["token"];
  if (membership === "invite" && typeof token === "string") keys.push(["m.room.third_party_invite", token]);
  const authorisedBy = content["join_authorised_via_users_server"];
  if (membership === "join" && typeof authorisedBy === "string" && authorisedBy !== stateKey) {
    keys.push(["m.room.member", authorisedBy]);
  }
  return keys;
}

/** What the identity server has signed of an invitation. */
export function signedInvite(content: JsonObject): JsonObject | undefined {
  const { signed } = asObject(content["third_party_invite"]);
  return isObject(signed) ? signed : undefined;
}
