import { ok } from "@matrix-openapi/server";
import { streamPosition } from "../../../storage/stream.ts";
import type { Home, SomeHandlers } from "../../home.ts";
import { mustSee } from "../../rooms/access.ts";
import type { Membership } from "../../rooms/memberships.ts";
import { roomsOf } from "../../rooms/memberships.ts";
import { mustFindRoom } from "../../rooms/rooms.ts";
import { pageSize } from "../../timeline/page-size.ts";
import { syncToken } from "../../timeline/tokens.ts";
import { viewerOf } from "../../timeline/viewer.ts";
import { allAccountData } from "../../user-data/account-data.ts";
import { allPresence } from "../../presence/presence-events.ts";
import { initialRoom, invitedRoom } from "./initial-room.ts";

/** What `/sync` does today: https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3initialsync */
export function initialSyncHandlers(home: Home) {
  const { db } = home;
  return {
    async initialSync({ user, params }) {
      const { limit, archived } = params.query;
      const end = syncToken(await streamPosition(db));
      const viewer = viewerOf(db, user);
      const accountData = await allAccountData(db, user.id);
      const ignored = await viewer.ignored();

      const depthOf = async ({ roomId, membership, forgotten }: Membership): Promise<number | null> => {
        if (membership === "join") return (await mustFindRoom(db, roomId)).depth;
        if (membership === "knock" || archived !== true || forgotten) return null;
        return (await viewer.room(roomId)).lastLeave;
      };
      const rooms = [];
      for (const own of await roomsOf(db, user.id)) {
        const { roomId } = own;
        if (own.membership === "invite") {
          if (!ignored.has(own.sender)) rooms.push(await invitedRoom(home, viewer, roomId, own.eventId));
          continue;
        }
        const upTo = await depthOf(own);
        if (upTo === null) continue;
        const ofRoom = accountData.rooms.get(roomId) ?? [];
        rooms.push(await initialRoom(home, viewer, { roomId, upTo, limit: pageSize(limit, 20), accountData: ofRoom }));
      }
      return ok({
        end,
        presence: await allPresence(home, user.id),
        rooms,
        account_data: [...accountData.global],
      });
    },

    async roomInitialSync({ user, params }) {
      const { roomId } = params.path;
      const upTo = await mustSee(db, roomId, user.id);
      const accountData = (await allAccountData(db, user.id)).rooms.get(roomId) ?? [];
      return ok(
        await initialRoom(home, viewerOf(db, user), { roomId, upTo, limit: pageSize(undefined, 20), accountData }),
      );
    },
  } satisfies SomeHandlers;
}
