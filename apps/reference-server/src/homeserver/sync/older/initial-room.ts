import type { components } from "@matrix-openapi/definitions/client-server";
import type { Home } from "../../home.ts";
import { eventsByIds } from "../../rooms/event.ts";
import { mustFindRoom } from "../../rooms/rooms.ts";
import { stateAt } from "../../rooms/state.ts";
import type { AccountDataEvent } from "../../user-data/account-data.ts";
import { clientState } from "../../timeline/client-event.ts";
import { readTimeline } from "../../timeline/read-timeline.ts";
import { toClientEvents } from "../../timeline/to-client-events.ts";
import { tokenAfterDepth } from "../../timeline/tokens.ts";
import { isShownTo } from "../../timeline/viewer.ts";
import type { Viewer } from "../../timeline/viewer.ts";

type InitialRoom = components["schemas"]["InitialRoom"];

interface WantedRoom {
  readonly roomId: string;
  /** What the viewer may see of it ends with this. */
  readonly upTo: number;
  readonly limit: number;
  readonly accountData: readonly AccountDataEvent[];
}

/** A room as it is now, or was when the user left it. */
export async function initialRoom(
  home: Home,
  viewer: Viewer,
  { roomId, upTo, limit, accountData }: WantedRoom,
): Promise<InitialRoom> {
  const { db } = home;
  const view = await viewer.room(roomId);
  const slice = await readTimeline(db, {
    roomId,
    direction: "b",
    after: 0,
    upTo,
    limit,
    isWanted: await isShownTo(viewer, roomId),
  });
  return {
    room_id: roomId,
    membership: view.membershipAt(upTo),
    visibility: (await mustFindRoom(db, roomId)).isPublic ? "public" : "private",
    messages: {
      start: await tokenAfterDepth(db, roomId, slice.after),
      end: await tokenAfterDepth(db, roomId, upTo),
      chunk: await toClientEvents(home, slice.events.toReversed(), viewer),
    },
    state: await clientState(home, await stateAt(db, roomId, upTo), viewer),
    account_data: [...accountData],
  };
}

/** Of a room that the user is invited to, just the invitation is shown. */
export async function invitedRoom(home: Home, viewer: Viewer, roomId: string, eventId: string): Promise<InitialRoom> {
  const [invite] = await toClientEvents(home, await eventsByIds(home.db, [eventId]), viewer);
  return { room_id: roomId, membership: "invite", ...(invite !== undefined && { invite }) };
}
