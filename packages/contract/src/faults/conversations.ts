import { allows, answers, ignores, overlooks, says } from "./client-server-operation.ts";
import type { Fault } from "./fault.ts";

/** What a homeserver can get wrong about what a conversation is made of. */
export const conversationFaults: readonly Fault[] = [
  says("cs-72", "edits are not bundled", "getOneRoomEvent", '"m.replace":{', '"m.replaced":{'),
  says("cs-73", "threads are not bundled", "getOneRoomEvent", '"m.thread":{', '"m.threads":{'),
  answers("cs-73", "replies are not counted right", "getOneRoomEvent", ({ text }) => ({
    body: text.replace('"count":2', '"count":1'),
  })),
  ignores("cs-74", "what is read stays unread", "postReceipt"),
  says("cs-74", "mentions are like all else", "sync", '"highlight_count":1', '"highlight_count":0'),
  overlooks("cs-75", "nobody is ignored", "setAccountData", "ignored_users"),
  allows("cs-76", "any time leads to some event", "getEventByTimestamp", 404, {
    event_id: "$some",
    origin_server_ts: 0,
  }),
  answers("cs-76", "a time leads to the first event", "getEventByTimestamp", ({ json }) => ({
    body: { ...json, origin_server_ts: 1 },
  })),
  allows("cs-77", "anybody joins", "joinRoomById", 403, { room_id: "!restricted:localhost" }),
  allows("cs-78", "a declined invitation lets in", "joinRoomById", 403, { room_id: "!declined:localhost" }),
  allows("cs-79", "reading begins anywhere", "getRoomEvents", 400, { chunk: [], start: "s" }),
];
