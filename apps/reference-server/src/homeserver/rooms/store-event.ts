import { compiledQuery } from "../../storage/compiled-query.ts";
import type { Database } from "../../storage/database.ts";
import type { EventTable, MembershipTable } from "../../storage/migrations/0012-rooms.ts";
import { appendToStream } from "../../storage/stream.ts";
import type { RoomEvent } from "./event.ts";
import { membershipOf } from "./memberships.ts";

/** The request that an event comes from, and its scope: https://spec.matrix.org/v1.19/client-server-api/#transaction-identifiers */
export interface RequestTransaction {
  readonly deviceId: string;
  readonly txnId: string;
  /** The request's path without the transaction ID. */
  readonly endpoint: string;
}

/** Makes an event that is allowed the newest of its room, with its place in state, memberships and stream; inside of a transaction. */
export async function storeEvent(db: Database, event: RoomEvent, transaction?: RequestTransaction): Promise<void> {
  if (event.stateKey !== null) await replaceState(db, event, event.stateKey);
  await insertEvent(db, {
    event_id: event.eventId,
    room_id: event.roomId,
    depth: event.depth,
    type: event.type,
    state_key: event.stateKey,
    sender: event.sender,
    origin_server_ts: event.originServerTs,
    json: JSON.stringify(event.json),
    redacts: event.redacts ?? null,
    redacted_by: null,
    replaced_at: null,
    device_id: transaction?.deviceId ?? null,
    txn_id: transaction?.txnId ?? null,
    txn_endpoint: transaction?.endpoint ?? null,
  });
  const isMembership = event.type === "m.room.member" && event.stateKey !== null;
  if (isMembership) await storeMembership(db, event, event.stateKey);
  appendToStream(db, {
    kind: "event",
    roomId: event.roomId,
    reference: event.eventId,
    ...(isMembership && { userId: event.stateKey }),
  });
}

const insertEvent = compiledQuery((db, row: EventTable) => db.insertInto("hs_events").values(row));

async function replaceState(db: Database, { roomId, type, depth }: RoomEvent, stateKey: string): Promise<void> {
  await db
    .updateTable("hs_events")
    .set({ replaced_at: depth })
    .where("room_id", "=", roomId)
    .where("type", "=", type)
    .where("state_key", "=", stateKey)
    .where("replaced_at", "is", null)
    .execute();
}

async function storeMembership(db: Database, event: RoomEvent, userId: string): Promise<void> {
  const values = {
    membership: event.content["membership"] as MembershipTable["membership"], // the rules allow no other
    event_id: event.eventId,
    depth: event.depth,
    sender: event.sender,
  };
  await countMember(db, event.roomId, userId, values.membership);
  // A ban does not bring back a room that has been forgotten.
  const remembered = values.membership === "leave" || values.membership === "ban" ? {} : { forgotten: 0 as const };
  await db
    .insertInto("hs_memberships")
    .values({ room_id: event.roomId, user_id: userId, ...values, forgotten: 0 })
    .onConflict((conflict) => conflict.columns(["room_id", "user_id"]).doUpdateSet({ ...values, ...remembered }))
    .execute();
}

async function countMember(
  db: Database,
  roomId: string,
  userId: string,
  membership: MembershipTable["membership"],
): Promise<void> {
  const before = await membershipOf(db, roomId, userId);
  const change = Number(membership === "join") - Number(before?.membership === "join");
  if (change === 0) return;
  await db
    .updateTable("hs_rooms")
    .set((column) => ({ joined_members: column("joined_members", "+", change) }))
    .where("room_id", "=", roomId)
    .execute();
}
