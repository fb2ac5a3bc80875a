import type { Home } from "../home.ts";
import type { RoomEvent } from "../rooms/event.ts";
import { passes } from "../timeline/event-filter.ts";
import { pageSize } from "../timeline/page-size.ts";
import { readTimeline } from "../timeline/read-timeline.ts";
import { tokenAfterDepth } from "../timeline/tokens.ts";
import { isShownTo } from "../timeline/viewer.ts";
import type { SyncRequest } from "./request.ts";

/** The part of a room's history that a response tells of. */
export interface RoomSpan {
  readonly roomId: string;
  /** What the client has had before is up to the first depth; the response ends with the second. */
  readonly after: number;
  readonly upTo: number;
  /** The client has not been told of the room, or not of the user being in it: it gets all. */
  readonly isNew: boolean;
}

export interface RoomTimeline {
  /** The oldest first. */
  readonly events: RoomEvent[];
  readonly isLimited: boolean;
  readonly prevBatch: string | undefined;
}

/**
 * The latest events of the span. What does not fit is reached through `prev_batch`, and nothing lies between.
 * https://spec.matrix.org/v1.19/client-server-api/#syncing
 */
export async function readRoomTimeline(
  { db }: Home,
  { viewer, filter }: SyncRequest,
  { roomId, after, upTo, isNew }: RoomSpan,
  isWanted?: (event: RoomEvent) => boolean,
): Promise<RoomTimeline> {
  const isShown = isWanted ?? (await isShownTo(viewer, roomId));
  const isPassed = passes(filter.room?.timeline);
  const slice = await readTimeline(db, {
    roomId,
    direction: "b",
    after: isNew ? 0 : after,
    upTo,
    limit: pageSize(filter.room?.timeline?.limit, usual),
    isWanted: (event) => isShown(event) && isPassed(event),
  });
  return {
    events: slice.events.toReversed(),
    isLimited: slice.isLimited,
    prevBatch: slice.after === 0 ? undefined : await tokenAfterDepth(db, roomId, slice.after),
  };
}

const usual = 20;
