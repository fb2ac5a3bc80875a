import type { components } from "@matrix-openapi/definitions/client-server";
import { error, ok } from "@matrix-openapi/server";
import { asJson } from "../../../json.ts";
import type { HandlerContext, Home, SessionOwner, SomeHandlers } from "../../home.ts";
import { askForUser } from "../../application-services/ask-services.ts";
import { roomsOf } from "../memberships.ts";
import { inviteByAddress } from "./address-invite.ts";
import { forgetRoom } from "./forget.ts";
import { acceptSignedInvitation, joinRoom } from "./join-room.ts";
import { resolveRoom } from "./resolve-room.ts";
import { banUser, kickUser, setMembership, unbanUser } from "./set-membership.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#room-membership */
export function membershipHandlers(home: Home) {
  const { db } = home;

  const join = async (
    idOrAlias: string,
    user: SessionOwner,
    { third_party_signed: signed, reason }: components["schemas"]["JoinRequest"],
  ) => {
    const roomId = await resolveRoom(home, idOrAlias, user);
    if (signed !== undefined) await acceptSignedInvitation(home, roomId, user.id, asJson(signed));
    await joinRoom(home, roomId, user, reason);
    return ok({ room_id: roomId });
  };

  /** The three differ in the rule alone. */
  const ofAnother =
    (change: typeof banUser) =>
    async ({ user, params: { path }, body: { user_id: target, reason } }: HandlerContext<"ban">) => {
      await change(home, { roomId: path.roomId, sender: user.id, target, reason });
      return ok({});
    };

  return {
    joinRoom: ({ user, params, body }) => join(params.path.roomIdOrAlias, user, body),

    joinRoomById: ({ user, params, body }) => join(params.path.roomId, user, body),

    async knockRoom({ user, params, body }) {
      const roomId = await resolveRoom(home, params.path.roomIdOrAlias, user);
      await setMembership(home, { roomId, sender: user.id, membership: "knock", reason: body.reason });
      return ok({ room_id: roomId });
    },

    async getJoinedRooms({ user }) {
      const joined = await roomsOf(db, user.id, "join");
      return ok({ joined_rooms: joined.map(({ roomId }) => roomId) });
    },

    async inviteUser({ user, params, body }) {
      const { roomId } = params.path;
      if ("user_id" in body) {
        const { user_id: target, reason } = body;
        await askForUser(home, target, user);
        await setMembership(home, { roomId, sender: user.id, target, membership: "invite", reason });
      } else {
        await inviteByAddress(home, roomId, user.id, body);
      }
      return ok({});
    },

    async leaveRoom({ user, params, body }) {
      const { roomId } = params.path;
      await setMembership(home, { roomId, sender: user.id, membership: "leave", reason: body.reason });
      return ok({});
    },

    async forgetRoom({ user, params }) {
      return (await forgetRoom(db, params.path.roomId, user.id))
        ? ok({})
        : error(400, "M_UNKNOWN", "You can forget only a room that you were in and have left: leave it first.");
    },

    kick: ofAnother(kickUser),
    ban: ofAnother(banUser),
    unban: ofAnother(unbanUser),
  } satisfies SomeHandlers;
}
