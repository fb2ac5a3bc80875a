import { MatrixError } from "@matrix-openapi/server";
import type { Selectable } from "kysely";
import type { JsonObject } from "../../json.ts";
import type { Database } from "../../storage/database.ts";
import { withTransaction } from "../../storage/database.ts";
import type { ReceiptTable } from "../../storage/migrations/0013-timeline.ts";
import { appendToStream } from "../../storage/stream.ts";
import type { Home } from "../home.ts";
import { queueBadges } from "../push/queue-pushes.ts";
import { clearNotifications } from "../push/read-positions.ts";
import { findRoomEvent } from "../rooms/event.ts";
import type { RoomEvent } from "../rooms/event.ts";
import { threadIdOf } from "./thread-of.ts";

export type StoredReceiptType = ReceiptTable["receipt_type"];

export interface NewReceipt {
  readonly roomId: string;
  readonly userId: string;
  readonly type: StoredReceiptType;
  readonly eventId: string;
  /** A root, or `main`; undefined where the receipt counts for the whole room. */
  readonly threadId?: string;
}

/** Receipts only go forward: one for an earlier event changes nothing. https://spec.matrix.org/v1.19/client-server-api/#receipts */
export async function storeReceipt(home: Home, receipt: NewReceipt): Promise<void> {
  const { db, clock } = home;
  const { roomId, userId, type, eventId, threadId } = receipt;
  const event = await findRoomEvent(db, roomId, eventId);
  if (event === undefined) throw new MatrixError(404, "M_NOT_FOUND", `The room has no event ${eventId} to have read.`);
  if (threadId !== undefined && !(await isInThread(db, event, threadId))) {
    const message = `The event ${eventId} is not in the thread ${threadId}: name its own thread, or "main".`;
    throw new MatrixError(400, "M_INVALID_PARAM", message);
  }
  const key = { room_id: roomId, user_id: userId, receipt_type: type, thread_id: threadId ?? "" };
  const values = { event_id: eventId, depth: event.depth, ts: clock.now() };
  await withTransaction(db, async () => {
    const stored = await db
      .insertInto("hs_receipts")
      .values({ ...key, ...values })
      .onConflict((conflict) =>
        conflict
          .columns(["room_id", "user_id", "receipt_type", "thread_id"])
          .doUpdateSet(values)
          .where("hs_receipts.depth", "<", event.depth),
      )
      .returning("event_id")
      .executeTakeFirst();
    if (stored === undefined) return;
    await clearNotifications(db, userId, roomId, { upTo: event.depth, threadId });
    await queueBadges(home, userId);
    appendToStream(db, { kind: "receipt", roomId, userId, reference: `${type} ${key.thread_id}` });
  });
}

/** A root is in its own thread and in the main one. https://spec.matrix.org/v1.19/client-server-api/#threaded-read-receipts */
async function isInThread(db: Database, event: RoomEvent, threadId: string): Promise<boolean> {
  return event.eventId === threadId || (await threadIdOf(db, event)) === threadId;
}

interface ReceiptRange {
  readonly roomId: string;
  /** Sees their own private receipts, and nobody else's. */
  readonly viewer: string;
  /** Undefined: all that there are. */
  readonly after: number | undefined;
  readonly upTo: number;
}

/** The content of the `m.receipt` event that tells of them; undefined where there is nothing to tell. */
export async function receiptsSince(
  db: Database,
  { roomId, viewer, after, upTo }: ReceiptRange,
): Promise<JsonObject | undefined> {
  let query = db
    .selectFrom("hs_receipts")
    .selectAll()
    .where("room_id", "=", roomId)
    .where((is) => is.or([is("receipt_type", "=", "m.read"), is("user_id", "=", viewer)]));
  if (after !== undefined) {
    const changed = await db
      .selectFrom("hs_stream")
      .select("user_id")
      .distinct()
      .where("room_id", "=", roomId)
      .where("kind", "=", "receipt")
      .where("position", ">", after)
      .where("position", "<=", upTo)
      .execute();
    const users = changed.map((row) => row.user_id).filter((user) => user !== null);
    if (users.length === 0) return undefined;
    query = query.where("user_id", "in", users);
  }
  const rows = await query.execute();
  return rows.length === 0 ? undefined : receiptContent(rows);
}

/** In the form of `m.receipt`. */
export function receiptContent(rows: readonly Selectable<ReceiptTable>[]): JsonObject {
  const content: Record<string, Record<string, Record<string, JsonObject>>> = {};
  for (const { event_id: eventId, receipt_type: type, user_id: userId, thread_id: threadId, ts } of rows) {
    const ofType = ((content[eventId] ??= {})[type] ??= {});
    // One event can have a user's receipt for its thread and for the room: the latter says more.
    if (ofType[userId] !== undefined && threadId !== "") continue;
    ofType[userId] = { ts, ...(threadId !== "" && { thread_id: threadId }) };
  }
  return content;
}
