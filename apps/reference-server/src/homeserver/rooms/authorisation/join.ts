import type { AuthState } from "./auth-state.ts";
import { membershipIn, stateOf } from "./auth-state.ts";
import type { MemberDraft } from "./member.ts";
import { powerLevels } from "./power.ts";
import type { Refusal } from "./refusal.ts";

/** Rule 5.3: https://spec.matrix.org/v1.19/rooms/v12/#authorisation-rules */
export function authoriseJoin({ sender, target, content }: MemberDraft, state: AuthState): Refusal | null {
  // 5.3.1
  if (state.justCreated && stateOf(state, "m.room.create")?.sender === target && sender === target) return null;
  // 5.3.2
  if (sender !== target) return "nobody can join for another";
  // 5.3.3
  const current = membershipIn(state, sender);
  if (current === "ban") return `${sender} is banned from the room`;
  const isIn = current === "invite" || current === "join";
  const rule = joinRule(state);
  // 5.3.4
  if (rule === "invite" || rule === "knock") return isIn ? null : "you are not invited to this room";
  // 5.3.5
  if (rule === "restricted" || rule === "knock_restricted") {
    const authorisedBy = content["join_authorised_via_users_server"];
    return isIn || mayInvite(authorisedBy, state)
      ? null
      : "the room is restricted: join needs an invitation, or a room that it names and a member here who may invite";
  }
  // 5.3.6 and 5.3.7
  return rule === "public" ? null : `the room's join rule is ${rule}, by which nobody joins`;
}

/** Without any, a room is by invitation. https://spec.matrix.org/v1.19/client-server-api/#mroomjoin_rules */
export function joinRule(state: AuthState): string {
  const rule = stateOf(state, "m.room.join_rules")?.content["join_rule"];
  return typeof rule === "string" ? rule : "invite";
}

function mayInvite(userId: unknown, state: AuthState): boolean {
  if (typeof userId !== "string" || membershipIn(state, userId) !== "join") return false;
  const power = powerLevels(state);
  return power.ofUser(userId) >= power.toDo("invite");
}
