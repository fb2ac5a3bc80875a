import { ok } from "@matrix-openapi/server";
import type { Handler, Home } from "../home.ts";
import type { RoomEvent } from "../rooms/event.ts";
import { mustFindRoom } from "../rooms/rooms.ts";
import { stateAt } from "../rooms/state.ts";
import type { RoomEventFilter } from "./event-filter.ts";
import { passes, readRoomEventFilter } from "./event-filter.ts";
import { clientState } from "./client-event.ts";
import { memberEventsAt } from "./lazy-members.ts";
import { pageSize } from "./page-size.ts";
import { readTimeline } from "./read-timeline.ts";
import { mustSeeEvent } from "./single-event.ts";
import { toClientEvent, toClientEvents } from "./to-client-events.ts";
import { tokenAfterDepth } from "./tokens.ts";
import { isShownTo, viewerOf } from "./viewer.ts";
import type { Viewer } from "./viewer.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidcontexteventid */
export function getEventContext(home: Home): Handler<"getEventContext"> {
  return async ({ user, params }) => {
    const viewer = viewerOf(home.db, user);
    const event = await mustSeeEvent(home, viewer, params.path);
    const filter = readRoomEventFilter(params.query.filter);
    const limit = Math.min(pageSize(params.query.limit), filter?.limit ?? Infinity);
    const size = { before: Math.ceil(limit / 2), after: Math.floor(limit / 2) };
    const around = await eventsAround(home, event, viewer, { ...size, isPassed: passes(filter) });
    const state = await stateAround(home, event, around, filter);
    return ok({
      start: around.start,
      end: around.end,
      event: await toClientEvent(home, event, viewer),
      events_before: await toClientEvents(home, around.before, viewer),
      events_after: await toClientEvents(home, around.after, viewer),
      state: await clientState(home, state.filter(passes(filter)), viewer),
    });
  };
}

interface Around {
  readonly before: number;
  readonly after: number;
  readonly isPassed?: (event: RoomEvent) => boolean;
}

interface EventsAround {
  /** The newest first. */
  readonly before: RoomEvent[];
  /** The oldest first. */
  readonly after: RoomEvent[];
  /** Where `/messages` goes on, to both sides. */
  readonly start: string;
  readonly end: string;
}

/** What stands before and after an event, as far as the viewer may see it. */
export async function eventsAround(
  { db }: Home,
  { roomId, depth }: RoomEvent,
  viewer: Viewer,
  { before, after, isPassed = () => true }: Around,
): Promise<EventsAround> {
  const isShown = await isShownTo(viewer, roomId);
  const isWanted = (event: RoomEvent) => isShown(event) && isPassed(event);
  const { depth: newest } = await mustFindRoom(db, roomId);
  const [earlier, later] = await Promise.all([
    readTimeline(db, { roomId, direction: "b", after: 0, upTo: depth - 1, limit: before, isWanted }),
    readTimeline(db, { roomId, direction: "f", after: depth, upTo: newest, limit: after, isWanted }),
  ]);
  return {
    before: earlier.events,
    after: later.events,
    start: await tokenAfterDepth(db, roomId, earlier.after),
    end: await tokenAfterDepth(db, roomId, later.upTo),
  };
}

/** At the last of the events; where members are loaded lazily, of members those only who have sent one of them. */
async function stateAround(
  home: Home,
  event: RoomEvent,
  { before, after }: EventsAround,
  filter: RoomEventFilter | undefined,
): Promise<RoomEvent[]> {
  const depth = after.at(-1)?.depth ?? event.depth;
  const isLazy = filter?.lazy_load_members === true;
  const state = await stateAt(home.db, event.roomId, depth, { exceptMembers: isLazy });
  const senders = [...before, event, ...after].map(({ sender }) => sender);
  return isLazy ? [...state, ...(await memberEventsAt(home, event.roomId, depth, senders))] : state;
}
