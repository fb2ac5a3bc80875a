import { ok } from "@matrix-openapi/server";
import type { Handler, Home } from "../home.ts";
import { mustSee } from "../rooms/access.ts";
import { passes, readRoomEventFilter } from "./event-filter.ts";
import { membersToShow } from "./lazy-members.ts";
import { pageSize } from "./page-size.ts";
import { readTimeline } from "./read-timeline.ts";
import { toClientEvents } from "./to-client-events.ts";
import { depthAtPosition, readToken, tokenAfterDepth } from "./tokens.ts";
import { isShownTo, viewerOf } from "./viewer.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidmessages */
export function getRoomEvents(home: Home): Handler<"getRoomEvents"> {
  const { db } = home;
  return async ({ user, params }) => {
    const { roomId } = params.path;
    const { dir: direction, from, to, limit, filter: filterText } = params.query;
    const visible = await mustSee(db, roomId, user.id);
    const filter = readRoomEventFilter(filterText);
    const viewer = viewerOf(db, user);
    const isShown = await isShownTo(viewer, roomId);
    const isPassed = passes(filter);

    const depthOf = (token: string) => depthAtPosition(db, roomId, readToken(token));
    const isBackwards = direction === "b";
    const start = from === undefined ? (isBackwards ? visible : 0) : await depthOf(from);
    const bound = to === undefined ? undefined : await depthOf(to);
    const slice = await readTimeline(db, {
      roomId,
      direction,
      after: isBackwards ? (bound ?? 0) : start,
      upTo: isBackwards ? Math.min(start, visible) : Math.min(visible, bound ?? visible),
      limit: Math.min(pageSize(limit), filter?.limit ?? Infinity),
      isWanted: (event) => isShown(event) && isPassed(event),
    });
    const state = await membersToShow(home, slice.events, filter, viewer);
    const end = await tokenAfterDepth(db, roomId, isBackwards ? slice.after : slice.upTo);
    return ok({
      start: from ?? (await tokenAfterDepth(db, roomId, start)),
      ...(slice.isLimited && { end }),
      chunk: await toClientEvents(home, slice.events, viewer),
      ...(state.length > 0 && { state }),
    });
  };
}
