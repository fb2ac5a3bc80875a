import type { Database } from "../../storage/database.ts";
import { inBatches } from "../../storage/in-batches.ts";
import { unread } from "./told.ts";

/** A type, so that it is assignable to JsonValue; the same as `NotificationCounts` of the description. */
export type UnreadCount = { readonly notification_count: number; readonly highlight_count: number };

export interface RoomUnread {
  /** Threads included, for clients that know of none. */
  readonly all: UnreadCount;
  readonly main: UnreadCount;
  /** By the root's event ID; threads in which nothing is unread are left out. */
  readonly threads: ReadonlyMap<string, UnreadCount>;
}

export const nothingUnread: RoomUnread = {
  all: { notification_count: 0, highlight_count: 0 },
  main: { notification_count: 0, highlight_count: 0 },
  threads: new Map(),
};

/** Of each of the rooms. https://spec.matrix.org/v1.19/client-server-api/#receiving-notifications */
export async function unreadCounts(
  db: Database,
  userId: string,
  roomIds: readonly string[],
): Promise<ReadonlyMap<string, RoomUnread>> {
  const counts = new Map(roomIds.map((roomId) => [roomId, nothingUnread]));
  const rows = await inBatches(roomIds, (batch) => countThreads(db, userId, batch));
  for (const [roomId, threads] of Map.groupBy(rows, (row) => row.roomId)) counts.set(roomId, toUnread(threads));
  return counts;
}

/** Over all rooms, invitations included: what a badge shows. */
export async function unreadTotal(db: Database, userId: string): Promise<number> {
  return summed(await countThreads(db, userId)).notification_count;
}

type ThreadCount = UnreadCount & { readonly roomId: string; readonly threadId: string };

async function countThreads(db: Database, userId: string, roomIds?: readonly string[]): Promise<ThreadCount[]> {
  let query = unread(db, userId)
    .select((select) => [
      "one.room_id as roomId",
      "one.thread_id as threadId",
      select.fn.countAll<number | string>().as("notifications"),
      select.fn.sum<number | string>("one.highlight").as("highlights"),
    ])
    .groupBy(["one.room_id", "one.thread_id"]);
  if (roomIds !== undefined) query = query.where("one.room_id", "in", roomIds);
  const rows = await query.execute();
  return rows.map(({ roomId, threadId, notifications, highlights }) => ({
    roomId,
    threadId,
    notification_count: Number(notifications),
    highlight_count: Number(highlights),
  }));
}

function toUnread(counts: readonly ThreadCount[]): RoomUnread {
  const threads = new Map(counts.map(({ threadId, roomId: _room, ...count }) => [threadId, count]));
  const main = threads.get("main") ?? nothingUnread.main;
  threads.delete("main");
  return { all: summed(counts), main, threads };
}

function summed(counts: readonly UnreadCount[]): UnreadCount {
  const sum = (key: keyof UnreadCount) => counts.reduce((total, count) => total + count[key], 0);
  return { notification_count: sum("notification_count"), highlight_count: sum("highlight_count") };
}
