import { error, ok } from "@matrix-openapi/server";
import type { Home, SomeHandlers } from "../../home.ts";
import { resolveRoom } from "../membership/resolve-room.ts";
import { membershipOf } from "../memberships.ts";
import { maySendState } from "../permissions.ts";
import { factsOf } from "../room-facts.ts";
import { listRoom, mustFindRoom, unknownRoom } from "../rooms.ts";
import { mayKnowOf } from "./may-know-of.ts";
import { publicRooms } from "./public-rooms.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#published-room-directory */
export function roomDiscoveryHandlers(home: Home) {
  const { db } = home;
  return {
    async getRoomVisibilityOnDirectory({ params }) {
      const { isPublic } = await mustFindRoom(db, params.path.roomId);
      return ok({ visibility: isPublic ? "public" : "private" });
    },

    /** Who may set the room's main alias decides on this as well, as both are about where it is found. */
    async setRoomVisibilityOnDirectory({ user, params, body }) {
      const { roomId } = params.path;
      await mustFindRoom(db, roomId);
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
      const facts = await factsOf(db, await resolveRoom(home, roomIdOrAlias, user));
      if (facts === undefined || !(await mayKnowOf(db, facts, user?.id))) throw unknownRoom(roomIdOrAlias);
      const own = user === undefined ? undefined : await membershipOf(db, facts.room_id, user.id);
      return ok({ ...facts, ...(own !== undefined && { membership: own.membership }) });
    },
  } satisfies SomeHandlers;
}
