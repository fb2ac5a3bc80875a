import { isObject } from "../json.ts";
import { allows, answers, asksFor, ignores, says } from "./client-server-operation.ts";
import type { Change, Fault, SeenRequest, SeenResponse } from "./fault.ts";
import { answerInstead, rewriteRequest, rewriteResponse } from "./fault.ts";

type Json = Record<string, unknown>;

/** What a homeserver can get wrong about /sync. */
export const syncFaults: readonly Fault[] = [
  inJoinedRooms("cs-17", "state beside the timeline is not told", ({ state: _state, ...room }) => room),
  inJoinedRooms("cs-18", "the first event of each answer is lost", (room) => ({
    ...room,
    timeline: withEvents(room, (events) => events.slice(1)),
  })),
  inJoinedRooms("cs-18", "the first event of each answer is told twice", (room) => ({
    ...room,
    timeline: withEvents(room, (events) => [...events.slice(0, 1), ...events]),
  })),
  says("cs-19", "gaps are not told", "sync", '"limited":true', '"limited":false'),
  inJoinedRooms("cs-19", "the timeline overlaps what lies before it", (room) => ({
    ...room,
    timeline: withEvents(room, (events) => events.slice(1)),
  })),
  {
    rule: "cs-20",
    name: "whoever waits is told of nothing",
    wrap: answerInstead((request) =>
      isWaiting(request) ? { body: { next_batch: request.url.searchParams.get("since") } } : null,
    ),
  },
  {
    rule: "cs-21",
    name: "a time-out is an error",
    wrap: answerInstead((request) =>
      isWaiting(request) ? { status: 504, body: { errcode: "M_UNKNOWN", error: "Nothing happened" } } : null,
    ),
  },
  {
    rule: "cs-22",
    name: "acknowledged to-device messages come again",
    wrap: (next) => {
      let last: unknown;
      return rewriteResponse((request, { json }) => {
        if (!asksFor(request, "sync")) return null;
        const events = isObject(json["to_device"]) ? json["to_device"]["events"] : undefined;
        if (Array.isArray(events) && events.length > 0) {
          last = json["to_device"];
          return null;
        }
        return last === undefined ? null : { body: { ...json, to_device: last } };
      })(next);
    },
  },
  answers("cs-22", "to-device messages are lost", "sync", ({ json }) => ({ body: { ...json, to_device: {} } })),
  {
    rule: "cs-23",
    name: "filters are overlooked",
    wrap: rewriteRequest((request) => {
      if (!asksFor(request, "sync")) return null;
      const query = new URLSearchParams(request.url.searchParams);
      query.delete("filter");
      return { path: `${request.path}?${query.toString()}` };
    }),
  },
  answers("cs-24", "rooms that one has left are gone", "sync", ({ json }) => ({
    body: { ...json, rooms: { ...(isObject(json["rooms"]) ? json["rooms"] : {}), leave: {} } },
  })),
  says("cs-25", "invitations do not say to where", "sync", '"m.room.name"', '"m.room.title"'),
  ignores("cs-26", "nobody ever stops typing", "setTyping", {}, ({ json }) => json["typing"] === false),
  allows("cs-26", "anybody types in another's name", "setTyping", 403),
  {
    rule: "cs-27",
    name: "private receipts are public",
    wrap: rewriteRequest(({ path }) =>
      path.includes("/m.read.private/") ? { path: path.replace("/m.read.private/", "/m.read/") } : null,
    ),
  },
];

/** Only where a client goes on from a token: a fault of every answer would be no fault of the differences. */
function isWaiting(request: SeenRequest): boolean {
  return asksFor(request, "sync") && ["since", "timeout"].every((key) => request.url.searchParams.has(key));
}

function inJoinedRooms(rule: string, name: string, change: (room: Json) => Json): Fault {
  return answers(rule, name, "sync", (response, { url }) =>
    url.searchParams.has("since") ? changedRooms(response, change) : null,
  );
}

export function changedRooms({ json }: SeenResponse, change: (room: Json) => Json): Change | null {
  const { rooms } = json;
  if (!isObject(rooms) || !isObject(rooms["join"])) return null;
  const join = Object.entries(rooms["join"]).map(([id, room]) => [id, isObject(room) ? change({ ...room }) : room]);
  return { body: { ...json, rooms: { ...rooms, join: Object.fromEntries(join) } } };
}

function withEvents({ timeline }: Json, change: (events: readonly unknown[]) => readonly unknown[]): unknown {
  if (!isObject(timeline) || !Array.isArray(timeline["events"])) return timeline;
  return { ...timeline, events: change(timeline["events"]) };
}
