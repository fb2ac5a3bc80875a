import type { components } from "@matrix-openapi/definitions/client-server";
import { MatrixError } from "@matrix-openapi/server";
import type { Home } from "../../home.ts";
import { hasPower } from "../permissions.ts";
import { sendEvent } from "../send-event.ts";
import { ownerOf, storeInvite } from "./identity-invitations.ts";
import { setMembership } from "./set-membership.ts";

type ThreepidInvite = components["schemas"]["ThreepidInvite"];

/**
 * Invites the user whose the address is; where it is nobody's, the identity server keeps an invitation, and the room
 * the keys by which whoever comes with it is known. Never inside of a transaction.
 * https://spec.matrix.org/v1.19/client-server-api/#server-behaviour-19
 */
export async function inviteByAddress(
  home: Home,
  roomId: string,
  sender: string,
  invite: ThreepidInvite,
): Promise<void> {
  // Before anybody gets a mail; the rules are asked again when the event is sent.
  if (!(await hasPower(home.db, roomId, sender, "invite"))) {
    throw new MatrixError(403, "M_FORBIDDEN", "Inviting takes being in the room, and the power to invite.");
  }
  const target = await ownerOf(home, invite);
  if (target !== undefined) return setMembership(home, { roomId, sender, target, membership: "invite" });
  const { token, content } = await storeInvite(home, roomId, sender, invite);
  await sendEvent(home, { roomId, sender, type: "m.room.third_party_invite", stateKey: token, content });
}
