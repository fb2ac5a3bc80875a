import { isObject } from "../json.ts";
import { allows, answers, asksFor, asksWith, ignores, overlooks, says } from "./client-server-operation.ts";
import type { Fault } from "./fault.ts";
import { rewriteRequest } from "./fault.ts";
import { changedRooms } from "./sync.ts";

/** What a homeserver can get wrong about members, state, marks of reading and devices in /sync. */
export const syncStateFaults: readonly Fault[] = [
  answers("cs-80", "nobody's membership is told", "sync", (response) =>
    changedRooms(response, ({ state, ...room }) => ({ ...room, state: withoutMembers(state) })),
  ),
  asksWith("cs-81", "members are not loaded lazily", "sync", "filter", (filter) =>
    filter.replace('"lazy_load_members":true', '"lazy_load_members":false'),
  ),
  says("cs-82", "pages come without members", "getRoomEvents", '"m.room.member"', '"m.room.person"'),
  says("cs-82", "contexts come without members", "getEventContext", '"m.room.member"', '"m.room.person"'),
  asksWith("cs-83", "`use_state_after` is overlooked", "sync", "use_state_after", () => null),
  says("cs-83", "the state is that at the start of the timeline", "sync", '"topic":"two"', '"topic":"one"'),
  asksWith("cs-84", "`full_state` is overlooked", "sync", "full_state", () => null),
  asksWith("cs-85", "`include_leave` is overlooked", "sync", "filter", (filter) =>
    filter.replace('"include_leave":true', '"include_leave":false'),
  ),
  asksWith("cs-85", "rooms that one has left are always told", "sync", "filter", (filter) =>
    filter.replace('"room":{', '"room":{"include_leave":true,'),
  ),
  says("cs-86", "a room has no heroes", "sync", '"m.heroes"', '"m.villains"'),
  says("cs-86", "members are not counted right", "sync", '"m.joined_member_count":2', '"m.joined_member_count":3'),
  says("cs-86", "heroes come without their memberships", "sync", '"m.room.member"', '"m.room.person"'),
  ignores("cs-99", "the read marker is not kept", "setReadMarker"),
  says("cs-99", "the receipt set with the marker is not told", "sync", '"m.read"', '"m.written"'),
  ignores("cs-100", "private receipts count for nothing", "postReceipt", {}, ({ path }) => path.includes("private")),
  asksWith("cs-101", "threads are not counted apart", "sync", "filter", (filter) =>
    filter.replace('"unread_thread_notifications":true', '"unread_thread_notifications":false'),
  ),
  overlooks("cs-101", "a receipt of a thread is one of the room", "postReceipt", "thread_id"),
  says("cs-102", "threads count for nothing", "sync", '"notification_count":3', '"notification_count":1'),
  allows("cs-103", "any thread is taken", "postReceipt", 400),
  says("cs-103", "receipts are told without their threads", "sync", '"thread_id"', '"thread"'),
  overlooks("cs-104", "nobody is ignored", "setAccountData", "ignored_users"),
  says("cs-104", "state of ignored users is lost", "sync", '"m.room.topic"', '"m.room.ignored"'),
  says("cs-111", "partings are not told", "sync", '"left":[', '"gone":['),
  says("cs-112", "meetings are not told", "sync", '"changed":["', '"changed":[],"former":["'),
  says("cs-113", "changes are not listed", "getKeysChanges", '"changed":["', '"changed":[],"former":["'),
  {
    rule: "cs-114",
    name: "all devices are one of this name",
    wrap: rewriteRequest((request) =>
      asksFor(request, "sendToDevice")
        ? { json: JSON.parse(JSON.stringify(request.json).replaceAll('"*":', '"ALL":')) as unknown }
        : null,
    ),
  },
  ignores("cs-142", "what is kept for a room is not kept", "setAccountDataPerRoom"),
  says("cs-142", "tags are not told", "sync", '"m.tag"', '"m.label"'),
];

function withoutMembers(state: unknown): unknown {
  if (!isObject(state) || !Array.isArray(state["events"])) return state;
  return { events: state["events"].filter((event) => !isObject(event) || event["type"] !== "m.room.member") };
}
