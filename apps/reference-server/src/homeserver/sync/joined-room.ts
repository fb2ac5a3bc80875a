import type { components } from "@matrix-openapi/definitions/client-server";
import type { JsonObject } from "../../json.ts";
import type { Home } from "../home.ts";
import { nothingUnread, unreadCounts } from "../push/unread-counts.ts";
import { receiptsSince } from "../receipts/receipts.ts";
import { typingUsers } from "../receipts/typing.ts";
import { passes } from "../timeline/event-filter.ts";
import type { AccountDataEvent } from "../user-data/account-data.ts";
import type { SyncRequest } from "./request.ts";
import { summaryOf } from "./room-summary.ts";
import { readRoomTimeline } from "./room-timeline.ts";
import type { RoomSpan } from "./room-timeline.ts";
import { stateChanges } from "./state-changes.ts";
import { showHistory } from "./show-events.ts";

type JoinedRoom = components["schemas"]["JoinedRoom"];

interface RoomNews extends RoomSpan {
  /** Of the user, for this room, as far as they are new. */
  readonly accountData: readonly AccountDataEvent[];
  /** The kinds of entries that the room has in the span. */
  readonly kinds: ReadonlySet<string>;
}

/** What is new in a room that the user is in; undefined where nothing is. */
export async function joinedRoom(home: Home, request: SyncRequest, room: RoomNews): Promise<JoinedRoom | undefined> {
  const { filter, fullState, user } = request;
  const timeline = await readRoomTimeline(home, request, room);
  const changes = await stateChanges(home, request, room, timeline);
  const ephemeral = await ephemeralEvents(home, request, room);
  const accountData = room.accountData.filter(passes(filter.room?.account_data, room.roomId));
  const hasNews =
    room.isNew ||
    fullState ||
    timeline.events.length > 0 ||
    timeline.isLimited ||
    changes.length > 0 ||
    ephemeral.length > 0 ||
    accountData.length > 0;
  if (!hasNews) return undefined;

  const withThreads = filter.room?.timeline?.unread_thread_notifications === true;
  const unread = (await unreadCounts(home.db, user.id, [room.roomId])).get(room.roomId) ?? nothingUnread;
  const isWhole = room.isNew || fullState;
  const hasMemberships = [...timeline.events, ...changes].some(({ type }) => type === "m.room.member");
  return {
    ...((isWhole || hasMemberships) && { summary: await summaryOf(home, room.roomId, user.id) }),
    ...(await showHistory(home, timeline, changes, request)),
    ephemeral: { events: ephemeral },
    account_data: { events: [...accountData] },
    unread_notifications: withThreads ? unread.main : unread.all,
    ...(withThreads && { unread_thread_notifications: Object.fromEntries(unread.threads) }),
  };
}

async function ephemeralEvents(
  home: Home,
  { filter, since, upTo, user, fullState }: SyncRequest,
  { roomId, isNew, kinds }: RoomNews,
): Promise<{ type: string; content: JsonObject }[]> {
  const events: { type: string; content: JsonObject }[] = [];
  const isWhole = isNew || fullState;
  if (isWhole || kinds.has("receipt")) {
    const after = isWhole ? undefined : since;
    const content = await receiptsSince(home.db, { roomId, viewer: user.id, after, upTo });
    if (content !== undefined) events.push({ type: "m.receipt", content });
  }
  if (isWhole || kinds.has("typing")) {
    const users = await typingUsers(home, roomId);
    if (users.length > 0 || kinds.has("typing")) events.push({ type: "m.typing", content: { user_ids: users } });
  }
  return events.filter(passes(filter.room?.ephemeral, roomId));
}
