import { MatrixError } from "@matrix-openapi/server";
import type { JsonObject } from "../../../json.ts";
import { withTransaction } from "../../../storage/database.ts";
import type { Home } from "../../home.ts";
import { signedInvite } from "../authorisation/auth-state.ts";
import { membershipOf } from "../memberships.ts";
import { sendEvent } from "../send-event.ts";
import { currentStateEvent } from "../state.ts";
import { joinContent } from "./join-content.ts";
import { profileIn } from "./member-content.ts";

interface Join {
  readonly roomId: string;
  readonly userId: string;
  readonly isGuest: boolean;
  /** Beside the membership and the profile. */
  readonly content: JsonObject;
}

/** Nothing happens where the user is in the room already. https://spec.matrix.org/v1.19/client-server-api/#joining-rooms */
export async function joinRoom(home: Home, { roomId, userId, isGuest, content }: Join): Promise<void> {
  const { db } = home;
  await withTransaction(db, async () => {
    if ((await membershipOf(db, roomId, userId))?.membership === "join") return;
    if (isGuest) await mustBeOpenToGuests(home, roomId);
    await sendEvent(home, {
      roomId,
      sender: userId,
      type: "m.room.member",
      stateKey: userId,
      content: await joinContent(home, { roomId, userId, content }),
    });
  });
}

/** https://spec.matrix.org/v1.19/client-server-api/#guest-access */
export async function mustBeOpenToGuests({ db }: Home, roomId: string): Promise<void> {
  const access = (await currentStateEvent(db, roomId, "m.room.guest_access"))?.content["guest_access"];
  if (access === "can_join") return;
  throw new MatrixError(403, "M_FORBIDDEN", "The room is closed to guests: register an account, and join with that.");
}

interface SignedInvitation {
  readonly roomId: string;
  readonly userId: string;
  /** What the identity server has signed. */
  readonly signed: JsonObject;
}

/** Makes the invitation of an address one of the user, in the name of who has invited. */
export async function acceptSignedInvitation(home: Home, { roomId, userId, signed }: SignedInvitation): Promise<void> {
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
    await sendEvent(home, {
      roomId,
      sender: invite.sender,
      type: "m.room.member",
      stateKey: userId,
      content: {
        ...(await profileIn(db, userId)),
        membership: "invite",
        third_party_invite: { display_name, signed },
      },
    });
  });
}

/** The identity server may have told of the same one already. */
async function isAcceptedBy({ db }: Home, roomId: string, userId: string, token: unknown): Promise<boolean> {
  const event = await currentStateEvent(db, roomId, "m.room.member", userId);
  return event !== undefined && signedInvite(event.content)?.["token"] === token;
}
