import type { Database } from "../../storage/database.ts";
import { toRoomEvent } from "../rooms/event.ts";
import type { RoomEvent } from "../rooms/event.ts";

/** A part of a room's line of events, and which of them to take. */
export interface TimelineRange {
  readonly roomId: string;
  /** What is deeper than the first and not than the second. */
  readonly after: number;
  readonly upTo: number;
  readonly direction: "b" | "f";
  readonly limit: number;
  readonly isWanted: (event: RoomEvent) => boolean;
}

export interface TimelineSlice {
  /** In the direction asked for. */
  readonly events: RoomEvent[];
  /** The range that they are all of: from one of the ends that was asked for, as far as it went. */
  readonly after: number;
  readonly upTo: number;
  /** Whether the limit has left some, or there may be some because the server has looked long enough. */
  readonly isLimited: boolean;
}

/** Looks through events until there are enough that are wanted. A range that hardly anything of is wanted ends early. */
export async function readTimeline(db: Database, range: TimelineRange): Promise<TimelineSlice> {
  const { roomId, direction, limit, isWanted } = range;
  const isBackwards = direction === "b";
  let { after, upTo } = range;
  const events: RoomEvent[] = [];
  const ended = (isLimited: boolean): TimelineSlice =>
    isBackwards
      ? { events, after: upTo, upTo: range.upTo, isLimited }
      : { events, after: range.after, upTo: after, isLimited };

  for (let seen = 0; after < upTo;) {
    const rows = await db
      .selectFrom("hs_events")
      .selectAll()
      .where("room_id", "=", roomId)
      .where("depth", ">", after)
      .where("depth", "<=", upTo)
      .orderBy("depth", isBackwards ? "desc" : "asc")
      .limit(Math.min(limit + 10, mostAtOnce))
      .execute();
    if (rows.length === 0) break;
    for (const row of rows) {
      const event = toRoomEvent(row);
      if (isWanted(event)) {
        if (events.length >= limit) return ended(true);
        events.push(event);
      }
      if (isBackwards) upTo = event.depth - 1;
      else after = event.depth;
    }
    seen += rows.length;
    if (seen >= mostSeen && after < upTo) return ended(true);
  }
  if (isBackwards) upTo = range.after;
  else after = range.upTo;
  return ended(false);
}

const mostAtOnce = 500;

/** Of those that are not wanted, so that a narrow filter on a long room answers in pages. */
const mostSeen = 2000;
