import { isObject } from "../../json.ts";
import type { Home } from "../home.ts";
import type { RoomEvent } from "../rooms/event.ts";
import { clientState } from "../timeline/client-event.ts";
import type { ClientEvent } from "../timeline/client-event.ts";
import type { Filter } from "../timeline/event-filter.ts";
import { toClientEvents } from "../timeline/to-client-events.ts";
import type { SyncRequest } from "./request.ts";
import type { RoomTimeline } from "./room-timeline.ts";

/** What a room's section says of its history, in the form that the filter asks for. */
export async function showHistory(
  home: Home,
  timeline: RoomTimeline,
  changes: readonly RoomEvent[],
  { viewer, filter, useStateAfter }: SyncRequest,
) {
  const events = await toClientEvents(home, timeline.events, viewer);
  const state = await clientState(home, changes, viewer);
  const shownState = { events: state.map((event, index) => inForm(event, changes[index], filter)) };
  return {
    ...(useStateAfter ? { state_after: shownState } : { state: shownState }),
    timeline: {
      events: events.map((event, index) => inForm(event, timeline.events[index], filter)),
      limited: timeline.isLimited,
      ...(timeline.prevBatch !== undefined && { prev_batch: timeline.prevBatch }),
    },
  };
}

function inForm<Event extends ClientEvent>(
  event: Event,
  raw: RoomEvent | undefined,
  { event_format: format, event_fields: fields }: Filter,
): Event {
  if (format === "federation" && raw !== undefined) return { ...raw.json, ...event, content: raw.content };
  const form = withoutRoomId(event) as Event; // what surrounds it names the room
  return fields === undefined ? form : withFields(form, fields.map(pathOf));
}

/** The room is named around the event, and so it is for the events within it. */
function withoutRoomId(value: unknown): unknown {
  if (!isObject(value)) return value;
  const isEvent = "event_id" in value && "room_id" in value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !(isEvent && key === "room_id"))
      .map(([key, field]) => [key, key === "content" || key === "prev_content" ? field : withoutRoomId(field)]),
  );
}

/** Those that events must have are always there; a server may send more than is asked for. */
function withFields<Event extends ClientEvent>(event: Event, paths: readonly (readonly string[])[]): Event {
  const kept = Object.entries(event).flatMap(([key, value]) => {
    const inner = paths.filter(([first]) => first === key).map((path) => path.slice(1));
    if (inner.some((path) => path.length === 0)) return [[key, value]];
    if (key === "content" || inner.length > 0) return [[key, pick(value, inner)]];
    return required.has(key) ? [[key, value]] : [];
  });
  return Object.fromEntries(kept) as Event; // nothing required is left out
}

const required = new Set(["event_id", "type", "state_key", "sender", "origin_server_ts"]);

function pick(value: unknown, paths: readonly (readonly string[])[]): unknown {
  if (paths.some((path) => path.length === 0) || !isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, field]) => {
      const inner = paths.filter(([first]) => first === key).map((path) => path.slice(1));
      return inner.length === 0 ? [] : [[key, pick(field, inner)]];
    }),
  );
}

/** `content.body`, where `\.` is a dot within a name and `\\` a backslash. */
function pathOf(field: string): string[] {
  return (field.match(/(?:\\.|[^.])+/gs) ?? []).map((part) => part.replaceAll(/\\([.\\])/g, "$1"));
}
