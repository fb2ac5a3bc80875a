import { allows, answers, asksFor, ignores, omitsFirst, overlooks, reverses, says } from "./client-server-operation.ts";
import type { Fault } from "./fault.ts";
import { answerInstead, rewriteRequest, rewriteResponse } from "./fault.ts";

/** What a homeserver can get wrong about tokens, transactions, rooms and long lists. */
export const roomFaults: readonly Fault[] = [
  says("cs-1", "the owner of a token is another", "getTokenOwner", '"user_id":"@', '"user_id":"@not-'),
  {
    rule: "cs-2",
    name: "tokens in the query are overlooked",
    wrap: answerInstead(({ url }) =>
      url.searchParams.has("access_token")
        ? { status: 401, body: { errcode: "M_MISSING_TOKEN", error: "No token" } }
        : null,
    ),
  },
  says("cs-3", "a missing token is an unknown one", null, "M_MISSING_TOKEN", "M_UNKNOWN_TOKEN"),
  says("cs-4", "an unknown token is forbidden", null, "M_UNKNOWN_TOKEN", "M_FORBIDDEN"),
  allows("cs-5", "guests create rooms", "createRoom", 403, { room_id: "!guests:localhost" }),
  ignores("cs-6", "logging out leaves the token as it is", "logout"),
  forgetsTransactions("cs-7"),
  forgetsTransactions("cs-8"),
  {
    rule: "cs-9",
    name: "transactions are the server's, not a device's",
    wrap: (next) => {
      const done = new Map<string, unknown>();
      return rewriteResponse((request, { json }) => {
        if (!asksFor(request, "sendMessage")) return null;
        const before = done.get(request.path);
        done.set(request.path, before ?? json);
        return before === undefined ? null : { body: before };
      })(next);
    },
  },
  says("cs-10", "the sender is not shown the transaction ID", "getOneRoomEvent", '"transaction_id"', '"txn_id"'),
  says("cs-10", "everybody is shown it", "getOneRoomEvent", '"unsigned":{', '"unsigned":{"transaction_id":"cs-10",'),
  omitsFirst("cs-11", "each page lacks an event", "getRoomEvents", "chunk"),
  answers("cs-11", "the last page leads back to the first", "getRoomEvents", ({ json }) => ({
    body: { end: json["start"], ...json },
  })),
  reverses("cs-12", "reading forwards goes backwards", "getRoomEvents", "chunk", "dir=f"),
  omitsFirst("cs-13", "each page lacks an event", "getRelatingEvents", "chunk"),
  reverses("cs-13", "the oldest comes first where the newest should", "getRelatingEvents", "chunk", "dir=b"),
  omitsFirst("cs-14", "each page lacks a thread", "getThreadRoots", "chunk"),
  says("cs-15", "the list ends with its first page", "queryPublicRooms", '"next_batch"', '"next"'),
  omitsFirst("cs-16", "each page lacks a room", "getSpaceHierarchy", "rooms"),
  overlooks("cs-28", "the preset is overlooked", "createRoom", "preset"),
  overlooks("cs-29", "`initial_state` is overlooked", "createRoom", "initial_state"),
  allows("cs-30", "anybody sets the state", "setRoomStateWithKey", 403, { event_id: "$set" }),
  allows("cs-30", "anybody bans", "ban", 403),
  ignores("cs-31", "redacting changes nothing", "redactEvent", { event_id: "$redaction" }),
  {
    rule: "cs-32",
    name: "a state key is asked for",
    wrap: answerInstead(({ path }) =>
      path.endsWith("/m.room.topic/") ? { status: 404, body: { errcode: "M_UNRECOGNIZED", error: "No" } } : null,
    ),
  },
  allows("cs-33", "absent state is empty", "getRoomStateWithKey", 404),
  allows("cs-34", "an alias is given twice", "setRoomAlias", 409),
  ignores("cs-34", "an alias stays although it was deleted", "deleteRoomAlias"),
  says("cs-35", "the tombstone names no room", "getRoomStateWithKey", '"replacement_room"', '"replacement"'),
  says("cs-35", "the new room forgets where it comes from", "getRoomStateWithKey", '"predecessor"', '"before"'),
  reverses("cs-36", "what came before is in the order of reading", "getEventContext", "events_before"),
  allows("cs-37", "a private room is joined by anybody", "joinRoomById", 403, { room_id: "!private:localhost" }),
  ignores("cs-38", "a ban cannot be lifted", "unban"),
  allows("cs-38", "a ban keeps nobody out", "joinRoomById", 403, { room_id: "!banned:localhost" }),
  allows("cs-39", "strangers see the members", "getMembersByRoom", 403, { chunk: [] }),
  allows("cs-39", "strangers speak", "sendMessage", 403, { event_id: "$spoken" }),
  overlooks("cs-40", "history is shared whatever the room says", "createRoom", "initial_state"),
  allows("cs-41", "a room is forgotten by those who are in it", "forgetRoom", 400),
];

/** Every request is a transaction of its own. */
function forgetsTransactions(rule: string): Fault {
  let count = 0;
  return {
    rule,
    name: "transaction IDs are overlooked",
    wrap: rewriteRequest((request) => {
      count += 1;
      return asksFor(request, "sendMessage") ? { path: `${request.path}-${count}` } : null;
    }),
  };
}
