import {
  allows,
  answers,
  answersAsOwner,
  asksFor,
  asksWith,
  ignores,
  overlooks,
  says,
} from "./client-server-operation.ts";
import type { Fault } from "./fault.ts";
import { rewriteRequest } from "./fault.ts";

/** What a homeserver can get wrong about how rooms begin, are entered, searched, left and replaced. */
export const roomLifeFaults: readonly Fault[] = [
  allows("cs-87", "a knock lets in", "joinRoomById", 403, { room_id: "!knocked:localhost" }),
  says("cs-87", "a knock is not told to whoever knocks", "sync", '"knock":{', '"knocks":{'),
  ignores("cs-88", "a knock is never taken back", "leaveRoom"),
  allows("cs-89", "every door is knocked on", "knockRoom", 403, { room_id: "!closed:localhost" }),
  says("cs-90", "the results end with their first page", "search", '"next_batch"', '"next"'),
  asksWith("cs-90", "every page of results is the first", "search", "next_batch", () => null),
  answersAsOwner("cs-91", "everybody finds everything", "search"),
  ignores("cs-91", "what is redacted is found", "redactEvent", { event_id: "$redaction" }),
  ignores("cs-92", "whoever leaves reads on", "leaveRoom"),
  overlooks("cs-93", "history is shared whatever the room says", "createRoom", "initial_state"),
  overlooks("cs-94", "what was said in confidence is shared", "createRoom", "initial_state"),
  ignores("cs-94", "nobody else reads an open room", "setRoomStateWithKey", { event_id: "$visibility" }),
  says("cs-95", "encryption is lost on the way", "getRoomStateWithKey", "m.megolm.v1.aes-sha2", "none"),
  says("cs-95", "power levels are lost on the way", "getRoomStateWithKey", '"events_default":7', '"events_default":0'),
  answers("cs-96", "an alias stays behind", "getRoomIdByAlias", ({ json }) => ({
    body: { ...json, room_id: "!old:localhost" },
  })),
  allows("cs-97", "the old room is as open as before", "sendMessage", 403, { event_id: "$late" }),
  allows("cs-98", "anybody upgrades", "upgradeRoom", 403, { replacement_room: "!new:localhost" }),
  allows("cs-98", "any version is taken", "upgradeRoom", 400, { replacement_room: "!new:localhost" }),
  overlooks("cs-129", "any version is the default one", "createRoom", "room_version"),
  overlooks("cs-129", "an alias is never taken", "createRoom", "room_alias_name"),
  allows("cs-130", "any name will do", "setRoomStateWithKey", 400, { event_id: "$alias" }),
  allows("cs-131", "events have any size", "sendMessage", 413, { event_id: "$large" }),
  allows("cs-132", "reactions are counted twice", "sendMessage", 400, { event_id: "$twice" }),
  ignores("cs-132", "a reaction that was redacted still counts", "redactEvent", { event_id: "$redaction" }),
  allows("cs-133", "threads nest", "sendMessage", 400, { event_id: "$nested" }),
  answersAsOwner("cs-134", "private rooms are shown to everybody", "getSpaceHierarchy"),
  {
    rule: "cs-135",
    name: "all members are listed, whatever is asked for",
    wrap: rewriteRequest((request) => (asksFor(request, "getMembersByRoom") ? { path: request.path } : null)),
  },
  says("cs-136", "nobody is found", "searchUserDirectory", '"results"', '"found"'),
];
