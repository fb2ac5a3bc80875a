import { compiledQuery } from "../../storage/compiled-query.ts";
import type { Database } from "../../storage/database.ts";
import type { ThreadReadTable } from "../../storage/migrations/0014-user-data.ts";
import { unread } from "./told.ts";

interface ThreadPosition {
  readonly room_id: string;
  readonly thread_id: string;
  readonly depth: number;
}

/**
 * What a receipt does: everything up to that depth of the room is read, of one thread where one is named (a root's event
 * ID, or `main`). It never goes back. https://spec.matrix.org/v1.19/client-server-api/#marking-notifications-as-read
 */
export async function clearNotifications(
  db: Database,
  userId: string,
  roomId: string,
  { upTo, threadId }: { readonly upTo: number; readonly threadId?: string | undefined },
): Promise<void> {
  if (threadId !== undefined) {
    await markThreadRead(db, userId, { room_id: roomId, thread_id: threadId, depth: upTo });
    await markRoomRead(db, userId, roomId, await depthOfAllRead(db, userId, roomId, upTo));
    return;
  }
  await markRoomRead(db, userId, roomId, upTo);
}

async function markRoomRead(db: Database, userId: string, roomId: string, upTo: number): Promise<void> {
  await db
    .updateTable("hs_notified_members")
    .set({ read_depth: upTo })
    .where("user_id", "=", userId)
    .where("room_id", "=", roomId)
    .where("read_depth", "<", upTo)
    .execute();
}

/** Up to where nothing is left in any thread, so that counting need not begin any earlier. */
async function depthOfAllRead(db: Database, userId: string, roomId: string, upTo: number): Promise<number> {
  const oldest = await unread(db, userId)
    .select("one.depth")
    .where("one.room_id", "=", roomId)
    .orderBy("one.depth")
    .limit(1)
    .executeTakeFirst();
  return oldest === undefined ? upTo : Math.min(upTo, oldest.depth - 1);
}

/** Who sends something has read what was there before. */
export async function markThreadRead(
  db: Database,
  userId: string,
  { room_id, thread_id, depth }: ThreadPosition,
): Promise<void> {
  await raiseThreadRead(db, { user_id: userId, room_id, thread_id, read_depth: depth });
}

const raiseThreadRead = compiledQuery((db, row: ThreadReadTable) =>
  db
    .insertInto("hs_thread_reads")
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(["user_id", "room_id", "thread_id"])
        .doUpdateSet({ read_depth: row.read_depth })
        .where("hs_thread_reads.read_depth", "<", row.read_depth),
    ),
);
