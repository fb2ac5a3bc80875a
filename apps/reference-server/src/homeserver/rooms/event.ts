import type { Selectable } from "kysely";
import { asObject } from "../../json.ts";
import type { JsonObject } from "../../json.ts";
import type { Database } from "../../storage/database.ts";
import { inBatches } from "../../storage/in-batches.ts";
import type { EventTable } from "../../storage/migrations/0012-rooms.ts";

/** An event of a room as the server keeps it; what clients get of it is made in `timeline/`. */
export interface RoomEvent {
  readonly eventId: string;
  readonly roomId: string;
  /** 1, 2, 3 … in its room. */
  readonly depth: number;
  readonly type: string;
  readonly stateKey: string | null;
  readonly sender: string;
  readonly originServerTs: number;
  /** Once redacted, what the redaction has left. */
  readonly content: JsonObject;
  readonly redacts?: string;
  readonly redactedBy?: string;
  /** State only: the depth of the event that took its place. */
  readonly replacedAt?: number;
  /** The request that sent it, for the device that made it. */
  readonly transaction?: { readonly deviceId: string; readonly txnId: string };
  /** As servers send it to each other: with hashes and signatures, without `unsigned`. */
  readonly json: JsonObject;
}

/** The event, whatever its room. */
export async function findEvent(db: Database, eventId: string): Promise<RoomEvent | undefined> {
  const row = await db.selectFrom("hs_events").selectAll().where("event_id", "=", eventId).executeTakeFirst();
  return row && toRoomEvent(row);
}

/** The event, if it is one of the room. */
export async function findRoomEvent(db: Database, roomId: string, eventId: string): Promise<RoomEvent | undefined> {
  const event = await findEvent(db, eventId);
  return event?.roomId === roomId ? event : undefined;
}

/** In the order of the IDs; unknown ones are left out. */
export async function eventsByIds(db: Database, ids: readonly string[]): Promise<RoomEvent[]> {
  const events = db.selectFrom("hs_events").selectAll();
  const rows = await inBatches(ids, (some) => events.where("event_id", "in", some).execute());
  const found = new Map(rows.map((row) => [row.event_id, toRoomEvent(row)]));
  return ids.map((id) => found.get(id)).filter((event) => event !== undefined);
}

/** For queries of one's own over `hs_events`. */
export function toRoomEvent(row: Selectable<EventTable>): RoomEvent {
  const json = JSON.parse(row.json) as JsonObject; // written by storeEvent
  return {
    eventId: row.event_id,
    roomId: row.room_id,
    depth: row.depth,
    type: row.type,
    stateKey: row.state_key,
    sender: row.sender,
    originServerTs: row.origin_server_ts,
    content: asObject(json["content"]),
    ...(row.redacts !== null && { redacts: row.redacts }),
    ...(row.redacted_by !== null && { redactedBy: row.redacted_by }),
    ...(row.replaced_at !== null && { replacedAt: row.replaced_at }),
    ...(row.device_id !== null &&
      row.txn_id !== null && {
        transaction: { deviceId: row.device_id, txnId: row.txn_id },
      }),
    json,
  };
}
