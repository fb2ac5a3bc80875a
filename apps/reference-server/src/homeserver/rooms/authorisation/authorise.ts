import { serverNameOf } from "../../../identifiers.ts";
import type { AuthState, EventDraft } from "./auth-state.ts";
import { membershipIn, stateOf } from "./auth-state.ts";
import { authoriseCreation } from "./creation.ts";
import { authoriseMember } from "./member.ts";
import { authorisePowerLevels } from "./power-levels.ts";
import { powerLevels } from "./power.ts";
import type { Refusal } from "./refusal.ts";

/**
 * Whether an event may happen in a room of that state: null, or which rule stands against it. Numbers are those of
 * https://spec.matrix.org/v1.19/rooms/v12/#authorisation-rules; in versions 10 and 11 those from 4 on are one less.
 * Of rule 3 nothing can fail here, because the server selects `auth_events` itself.
 */
export function authorise(event: EventDraft, state: AuthState): Refusal | null {
  // 1.
  if (event.type === "m.room.create") return authoriseCreation(event, state);
  // 2.
  const create = stateOf(state, "m.room.create");
  if (create === undefined) return "the room has not been created";
  // 4.
  if (create.content["m.federate"] === false && serverNameOf(event.sender) !== serverNameOf(create.sender)) {
    return "the room is for users of its creator's server only";
  }
  // 5.
  if (event.type === "m.room.member") return authoriseMember(event, state);
  // 6.
  if (membershipIn(state, event.sender) !== "join") return `${event.sender} is not in the room`;
  const power = powerLevels(state);
  const own = power.ofUser(event.sender);
  // 7.1
  if (event.type === "m.room.third_party_invite") return mustReach(own, power.toDo("invite"), "inviting");
  // 8.
  const required = power.toSend(event.type, event.stateKey === null ? "message" : "state");
  if (own < required) return tooWeak(own, required, `sending ${event.type}`);
  // 9.
  if (event.stateKey?.startsWith("@") && event.stateKey !== event.sender) {
    return `state under the key ${event.stateKey} is for that user only to set`;
  }
  // 10.
  if (event.type === "m.room.power_levels") return authorisePowerLevels(event, state);
  // 11.
  return null;
}

function mustReach(own: number, required: number, what: string): Refusal | null {
  return own >= required ? null : tooWeak(own, required, what);
}

function tooWeak(own: number, required: number, what: string): Refusal {
  return `${what} takes a power level of ${required}, and the sender's is ${own}`;
}
