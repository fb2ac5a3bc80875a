import { MatrixError } from "@matrix-openapi/server";
import type { MatrixUser } from "@matrix-openapi/server";
import type { JsonObject } from "../../../json.ts";
import { withTransaction } from "../../../storage/database.ts";
import type { Home } from "../../home.ts";
import { signedInvite } from "../authorisation/auth-state.ts";
import { isJoined, membershipOf } from "../memberships.ts";
import { currentStateEvent } from "../state.ts";
import { setMembership } from "./set-membership.ts";

/** Nothing happens where the user is in the room already. https://spec.matrix.org/v1.19/client-server-api/#joining-rooms */
export async function joinRoom(home: Home, roomId: string, user: MatrixUser, reason?: string): Promise<void> {
  await withTransaction(home.db, async () => {
    if (await isJoined(home.db, roomId, user.id)) return;
    if (user.guest) await mustAdmitGuest(home, roomId, user.id);
    await setMembership(home, { roomId, sender: user.id, membership: "join", reason });
  });
}

/** Throws what is answered to a guest who is not in the room yet: https://spec.matrix.org/v1.19/client-server-api/#guest-access */
export async function mustAdmitGuest({ db }: Home, roomId: string, userId: string): Promise<void> {
  const access = (await currentStateEvent(db, roomId, "m.room.guest_access"))?.content["guest_access"];
  if (access === "can_join" || (await isJoined(db, roomId, userId))) return;
  throw new MatrixError(403, "M_FORBIDDEN", "The room is closed to guests: register an account, and join with that.");
}

/** Makes the invitation of an address one of the user, in the name of who has invited; an identity server has signed it. */
export async function acceptSignedInvitation(
  home: Home,
  roomId: string,
  userId: string,
  signed: JsonObject,
): Promise<void> {
  const { db } = home;
  await withTransaction(db, async () => {
    const { token } = signed;
    const invite =
      typeof token === "string" ? await currentStateEvent(db, roomId, "m.room.third_party_invite", token) : undefined;
    if (invite === undefined) {
      throw new MatrixError(403, "M_FORBIDDEN", "The room has no invitation of this token: ask to be invited again.");
    }
    const earlier = await membershipOf(db, roomId, userId);
    if (earlier?.membership === "join") return;
    if (earlier?.membership === "invite" && (await isAcceptedBy(home, roomId, userId, token))) return;
    const display_name = invite.content["display_name"] ?? "";
    const content = { third_party_invite: { display_name, signed } };
    await setMembership(home, { roomId, sender: invite.sender, target: userId, membership: "invite", content });
  });
}

/** The identity server may have told of the same one already. */
async function isAcceptedBy({ db }: Home, roomId: string, userId: string, token: unknown): Promise<boolean> {
  const event = await currentStateEvent(db, roomId, "m.room.member", userId);
  return event !== undefined && signedInvite(event.content)?.["token"] === token;
}
