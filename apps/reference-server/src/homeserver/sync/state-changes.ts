import type { Home } from "../home.ts";
import type { RoomEvent } from "../rooms/event.ts";
import { stateAt } from "../rooms/state.ts";
import { passes } from "../timeline/event-filter.ts";
import { memberEventsAt } from "../timeline/lazy-members.ts";
import type { SyncRequest } from "./request.ts";
import { heroesOf } from "./room-summary.ts";
import type { RoomSpan, RoomTimeline } from "./room-timeline.ts";
import { withoutKnown } from "./known-members.ts";

/**
 * What brings a client's picture of the room's state up to date: up to the end of the timeline where it asked for that,
 * up to its start otherwise. With the timeline applied to it, the latter gives the former.
 */
export async function stateChanges(
  home: Home,
  request: SyncRequest,
  span: RoomSpan,
  timeline: RoomTimeline,
): Promise<RoomEvent[]> {
  const { filter, fullState, useStateAfter } = request;
  const isWhole = span.isNew || fullState;
  const isLazy = filter.room?.state?.lazy_load_members === true;
  const part = { after: isWhole ? 0 : span.after, exceptMembers: isWhole && isLazy };
  const stateUpTo = (depth: number) => stateAt(home.db, span.roomId, depth, part);
  const atEnd = await stateUpTo(span.upTo);
  const changes = useStateAfter ? atEnd : await stateBefore(timeline, atEnd, stateUpTo);
  const isPassed = passes(filter.room?.state);
  if (!isLazy) return changes.filter(isPassed);
  const isNamedAnew = isWhole || [...changes, ...timeline.events].some(isMember);
  const members = await membersToSend(home, request, span, timeline, isNamedAnew);
  const sent = new Set(changes.map(({ eventId }) => eventId));
  return [...changes, ...members.filter(({ eventId }) => !sent.has(eventId))].filter(isPassed);
}

/** What a filter keeps from the timeline is part of it, where nothing else of the timeline would replace it. */
async function stateBefore(
  { events }: RoomTimeline,
  atEnd: RoomEvent[],
  stateUpTo: (depth: number) => Promise<RoomEvent[]>,
): Promise<RoomEvent[]> {
  const [first] = events;
  if (first === undefined) return atEnd;
  const inTimeline = new Set(events.filter(({ stateKey }) => stateKey !== null).map(keyOf));
  const hidden = atEnd.filter((event) => event.depth >= first.depth && !inTimeline.has(keyOf(event)));
  const replaced = new Set(hidden.map(keyOf));
  const before = await stateUpTo(first.depth - 1);
  return [...before.filter((event) => !replaced.has(keyOf(event))), ...hidden];
}

function keyOf({ type, stateKey }: RoomEvent): string {
  return JSON.stringify([type, stateKey]);
}

function isMember({ type }: RoomEvent): boolean {
  return type === "m.room.member";
}

/** Who has sent something, and whom the room is named after: https://spec.matrix.org/v1.19/client-server-api/#lazy-loading-room-members */
async function membersToSend(
  home: Home,
  request: SyncRequest,
  { roomId, upTo }: RoomSpan,
  { events }: RoomTimeline,
  isNamedAnew: boolean,
): Promise<RoomEvent[]> {
  const { filter, useStateAfter, user } = request;
  const heroes = isNamedAnew ? [...(await heroesOf(home, roomId, user.id)), user.id] : [];
  const wanted = [...events.map(({ sender }) => sender), ...heroes];
  const [first] = events;
  const moved = new Set(useStateAfter ? [] : events.filter(isMember).map(({ stateKey }) => stateKey ?? ""));
  const membersAt = (depth: number, isMeant: (userId: string) => boolean) =>
    memberEventsAt(home, roomId, depth, wanted.filter(isMeant));
  const named = [
    ...(await membersAt(upTo, (id) => !moved.has(id))),
    // Of who comes or goes in the timeline, what they were before it.
    ...(first === undefined ? [] : await membersAt(first.depth - 1, (id) => moved.has(id))),
  ];
  if (filter.room?.state?.include_redundant_members === true) return named;
  return withoutKnown(home, request, roomId, named);
}
