import { serverNameOf } from "../../../identifiers.ts";
import type { AuthState, EventDraft } from "./auth-state.ts";
import { membershipIn } from "./auth-state.ts";
import { authoriseInvite } from "./invite.ts";
import { authoriseJoin, joinRule } from "./join.ts";
import { powerLevels } from "./power.ts";
import type { Refusal } from "./refusal.ts";

/** An event about the membership of `target`. */
export interface MemberDraft extends EventDraft {
  readonly target: string;
}

/** Rule 5: https://spec.matrix.org/v1.19/rooms/v12/#authorisation-rules */
export function authoriseMember(event: EventDraft, state: AuthState): Refusal | null {
  const { stateKey: target, sender, content } = event;
  // 5.1
  if (target === null || content["membership"] === undefined) return "a membership needs a state key and a membership";
  // 5.2: what we send is signed by this server alone
  const authorisedBy = content["join_authorised_via_users_server"];
  if (
    authorisedBy !== undefined &&
    (typeof authorisedBy !== "string" || serverNameOf(authorisedBy) !== serverNameOf(sender))
  ) {
    return "join_authorised_via_users_server names a user of another server";
  }
  const rule = rules.get(content["membership"]);
  // 5.8
  return rule === undefined ? "there is no such membership" : rule({ ...event, target }, state);
}

const rules: ReadonlyMap<unknown, (event: MemberDraft, state: AuthState) => Refusal | null> = new Map([
  ["join", authoriseJoin], // 5.3
  ["invite", authoriseInvite], // 5.4
  ["leave", authoriseLeave],
  ["ban", authoriseBan],
  ["knock", authoriseKnock],
]);

/** Rule 5.5: to go, to turn an invitation down, to take a knock back; to kick, to unban. */
function authoriseLeave({ sender, target }: MemberDraft, state: AuthState): Refusal | null {
  const current = membershipIn(state, target);
  // 5.5.1
  if (sender === target) {
    return ["invite", "join", "knock"].includes(current)
      ? null
      : "you are neither in the room, nor invited, nor knocking";
  }
  // 5.5.2
  if (membershipIn(state, sender) !== "join") return `${sender} is not in the room`;
  const power = powerLevels(state);
  const own = power.ofUser(sender);
  // 5.5.3
  if (current === "ban" && own < power.toDo("ban")) {
    return `unbanning takes a power level of ${power.toDo("ban")}, and the sender's is ${own}`;
  }
  // 5.5.4
  if (own >= power.toDo("kick") && power.ofUser(target) < own) return null;
  // 5.5.5
  return `kicking takes a power level of ${power.toDo("kick")}, and more than the target's; the sender's is ${own}`;
}

/** Rule 5.6 */
function authoriseBan({ sender, target }: MemberDraft, state: AuthState): Refusal | null {
  // 5.6.1
  if (membershipIn(state, sender) !== "join") return `${sender} is not in the room`;
  const power = powerLevels(state);
  const own = power.ofUser(sender);
  // 5.6.2
  if (own >= power.toDo("ban") && power.ofUser(target) < own) return null;
  // 5.6.3
  return `banning takes a power level of ${power.toDo("ban")}, and more than the target's; the sender's is ${own}`;
}

/** Rule 5.7 */
function authoriseKnock({ sender, target }: MemberDraft, state: AuthState): Refusal | null {
  // 5.7.1
  const rule = joinRule(state);
  if (rule !== "knock" && rule !== "knock_restricted") return `the room's join rule is ${rule}, which takes no knocks`;
  // 5.7.2
  if (sender !== target) return "nobody can knock for another";
  // 5.7.3
  const current = membershipIn(state, sender);
  if (current === "ban" || current === "invite" || current === "join") {
    return `who is under ${current} in the room cannot knock`;
  }
  return null;
}
