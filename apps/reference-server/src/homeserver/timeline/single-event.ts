import { MatrixError, ok } from "@matrix-openapi/server";
import type { Home, SessionOwner, SomeHandlers } from "../home.ts";
import { visibleDepth } from "../rooms/access.ts";
import { findEvent } from "../rooms/event.ts";
import type { RoomEvent } from "../rooms/event.ts";
import { toClientEvent } from "./to-client-events.ts";
import { viewerOf } from "./viewer.ts";
import type { Viewer } from "./viewer.ts";

export function singleEventHandlers(home: Home) {
  const show = async ({ user, params }: { readonly user: SessionOwner; readonly params: { readonly path: Place } }) => {
    const viewer = viewerOf(home.db, user);
    return ok(await toClientEvent(home, await mustSeeEvent(home, viewer, params.path), viewer));
  };
  return {
    getOneRoomEvent: (context) => show(context),
    getOneEvent: (context) => show(context),
  } satisfies SomeHandlers;
}

interface Place {
  readonly eventId: string;
  /** The event may be of any room unless given. */
  readonly roomId?: string;
}

/** Whether there is no such event or the viewer may not see it is not told apart. */
export async function mustSeeEvent({ db }: Home, viewer: Viewer, { eventId, roomId }: Place): Promise<RoomEvent> {
  const event = await findEvent(db, eventId);
  const isThere = event !== undefined && (roomId === undefined || event.roomId === roomId);
  if (isThere && (await visibleDepth(db, event.roomId, viewer.userId)) !== null) {
    if ((await viewer.room(event.roomId)).canSee(event)) return event;
  }
  throw new MatrixError(404, "M_NOT_FOUND", `There is no event ${eventId} here that you may see.`);
}
