import { verifySignedJson } from "../../../crypto/signing-keys.ts";
import { isObject } from "../../../json.ts";
import type { JsonObject } from "../../../json.ts";
import type { AuthState } from "./auth-state.ts";
import { membershipIn, signedInvite, stateOf } from "./auth-state.ts";
import type { MemberDraft } from "./member.ts";
import { powerLevels } from "./power.ts";
import type { Refusal } from "./refusal.ts";

/** Rule 5.4: https://spec.matrix.org/v1.19/rooms/v12/#authorisation-rules */
export function authoriseInvite(event: MemberDraft, state: AuthState): Refusal | null {
  const { sender, target, content } = event;
  // 5.4.1
  if (content["third_party_invite"] !== undefined) return authoriseThirdPartyInvite(event, state);
  // 5.4.2
  if (membershipIn(state, sender) !== "join") return `${sender} is not in the room`;
  // 5.4.3
  const current = membershipIn(state, target);
  if (current === "join") return `${target} is in the room already`;
  if (current === "ban") return `${target} is banned from the room`;
  // 5.4.4 and 5.4.5
  const power = powerLevels(state);
  const [own, required] = [power.ofUser(sender), power.toDo("invite")];
  return own >= required ? null : `inviting takes a power level of ${required}, and the sender's is ${own}`;
}

/** Rule 5.4.1: an identity server says whose the address is that somebody in the room has invited. */
function authoriseThirdPartyInvite({ sender, target, content }: MemberDraft, state: AuthState): Refusal | null {
  // .1
  if (membershipIn(state, target) === "ban") return `${target} is banned from the room`;
  // .2
  const signed = signedInvite(content);
  if (signed === undefined) return "third_party_invite has nothing that is signed";
  // .3
  const { mxid, token } = signed;
  if (typeof mxid !== "string" || typeof token !== "string") return "what is signed names no mxid, or no token";
  // .4
  if (mxid !== target) return `the invitation is signed for ${mxid}`;
  // .5
  const invite = stateOf(state, "m.room.third_party_invite", token);
  if (invite === undefined) return "the room has no such invitation";
  // .6
  if (invite.sender !== sender) return `the invitation is ${invite.sender}'s`;
  // .7 and .8
  return isSigned(signed, publicKeys(invite.content)) ? null : "no key of the invitation has signed it";
}

/** Any signature by any key; of a few, because checking all that an event has room for would take minutes. */
function isSigned(signed: JsonObject, keys: readonly string[]): boolean {
  const { signatures } = signed;
  if (!isObject(signatures)) return false;
  const made = Object.entries(signatures).flatMap(([server, byKey]) =>
    isObject(byKey) ? Object.keys(byKey).map((keyId) => ({ server, keyId })) : [],
  );
  return made
    .slice(0, mostSignatures)
    .some(({ server, keyId }) => keys.slice(0, mostKeys).some((key) => verifySignedJson(signed, server, keyId, key)));
}

const mostSignatures = 16;
const mostKeys = 16;

function publicKeys({ public_key: single, public_keys: several }: JsonObject): string[] {
  const listed = Array.isArray(several) ? several.map((entry: unknown) => isObject(entry) && entry["public_key"]) : [];
  return [single, ...listed].filter((key) => typeof key === "string");
}
