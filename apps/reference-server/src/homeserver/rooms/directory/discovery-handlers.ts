import { error, ok } from "@matrix-openapi/server";
import type { Handlers, Home } from "../../home.ts";
import { askForAlias } from "../../application-services/ask-services.ts";
import { membershipOf } from "../memberships.ts";
import { maySendState } from "../permissions.ts";
import { factsOf } from "../room-facts.ts";
import { findRoom, listRoom } from "../rooms.ts";
import { findAlias } from "./aliases.ts";
import { mayKnowOf } from "./may-know-of.ts";
import { publicRooms } from "./public-rooms.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#published-room-directory */
export function roomDiscoveryHandlers(
  home: Home,
): Handlers<
  | "getRoomVisibilityOnDirectory"
  | "setRoomVisibilityOnDirectory"
  | "getPublicRooms"
  | "queryPublicRooms"
  | "getRoomSummary"
> {
  const { db } = home;
  return {
    async getRoomVisibilityOnDirectory({ params }) {
      const room = await findRoom(db, params.path.roomId);
      if (room === undefined) return unknownRoom(params.path.roomId);
      return ok({ visibility: room.isPublic ? "public" : "private" });
    },

    /** Who may set the room's main alias decides on this as well, as both are about where it is found. */
    async setRoomVisibilityOnDirectory({ user, params, body }) {
      const { roomId } = params.path;
      if ((await findRoom(db, roomId)) === undefined) return unknownRoom(roomId);
      if (!(await maySendState(db, roomId, user.id, "m.room.canonical_alias"))) {
        return error(403, "M_FORBIDDEN", "Listing a room takes the power to set its m.room.canonical_alias.");
      }
      await listRoom(db, roomId, body.visibility !== "private");
      return ok({});
    },

    getPublicRooms: async ({ params: { query } }) => ok(await publicRooms(home, query.server, query)),

    queryPublicRooms: async ({ params, body }) => ok(await publicRooms(home, params.query.server, body)),

    async getRoomSummary({ user, params }) {
      const { roomIdOrAlias } = params.path;
      await askForAlias(home, roomIdOrAlias, user);
      const roomId = roomIdOrAlias.startsWith("#") ? (await findAlias(db, roomIdOrAlias))?.roomId : roomIdOrAlias;
      const facts = roomId === undefined ? undefined : await factsOf(db, roomId);
      if (facts === undefined || !(await mayKnowOf(db, facts, user?.id))) return unknownRoom(roomIdOrAlias);
      const own = user === undefined ? undefined : await membershipOf(db, facts.room_id, user.id);
      return ok({ ...facts, ...(own !== undefined && { membership: own.membership }) });
    },
  };
}

function unknownRoom(room: string) {
  return error(404, "M_NOT_FOUND", `There is no room ${room}, or none that you may know of.`);
}
