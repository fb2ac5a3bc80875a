import type { JsonObject } from "../../../json.ts";
import type { Platform } from "../../../platform.ts";
import type { Database } from "../../../storage/database.ts";
import { equal } from "../../../storage/equal.ts";
import { inBatches } from "../../../storage/in-batches.ts";
import type { StreamRange } from "../../../storage/stream-entry.ts";

export interface ToDeviceMessage {
  readonly sender: string;
  readonly type: string;
  readonly content: JsonObject;
}

export interface PendingMessages {
  /** The oldest first. */
  readonly events: ToDeviceMessage[];
  /**
   * How far into the stream they are complete: where the limit has left some, the position of the last one. The token
   * that goes out with them must not be later, because it acknowledges them when it comes back.
   */
  readonly upTo: number;
}

/** What waits for a device in a part of the stream: https://spec.matrix.org/v1.19/client-server-api/#server-behaviour-5 */
export async function takeToDevice(
  db: Database,
  userId: string,
  deviceId: string,
  { after, upTo, limit }: StreamRange & { readonly limit: number },
): Promise<PendingMessages> {
  const rows = await selectPending(db, userId, deviceId)
    .select(["message.sender", "message.type", "message.content", "entry.position"])
    .where("entry.position", ">", after)
    .where("entry.position", "<=", upTo)
    .orderBy("entry.position")
    .limit(limit + 1)
    .execute();
  const taken = rows.slice(0, limit);
  return {
    events: taken.map(({ sender, type, content }) => ({ sender, type, content: JSON.parse(content) as JsonObject })), // by sendToDevice
    upTo: rows.length > limit ? (taken.at(-1)?.position ?? after) : upTo,
  };
}

/** The device has come back with a token of that position: what went out with it has arrived, and is not kept. */
export async function acknowledgeToDevice(db: Database, userId: string, deviceId: string, upTo: number): Promise<void> {
  const delivered = await selectPending(db, userId, deviceId)
    .select("message.message_id")
    .where("entry.position", "<=", upTo)
    .execute();
  await inBatches(
    delivered.map((row) => row.message_id),
    (batch) => db.deleteFrom("hs_to_device").where("message_id", "in", batch).execute(),
  );
}

const day = 86_400_000;

/** Forgets requests that nobody repeats any more; run now and then. */
export async function pruneToDeviceTransactions({ db, clock }: Pick<Platform, "db" | "clock">): Promise<void> {
  await db
    .deleteFrom("hs_to_device_transactions")
    .where("sent_at", "<", clock.now() - day)
    .execute();
}

function selectPending(db: Database, userId: string, deviceId: string) {
  return db
    .selectFrom("hs_to_device as message")
    .innerJoin("hs_stream as entry", "entry.reference", "message.message_id")
    .where(equal({ "message.user_id": userId, "message.device_id": deviceId, "entry.kind": "to_device" }));
}
