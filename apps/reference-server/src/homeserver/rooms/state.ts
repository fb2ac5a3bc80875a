import { sql } from "kysely";
import { compiledQuery } from "../../storage/compiled-query.ts";
import type { Database } from "../../storage/database.ts";
import { toRoomEvent } from "./event.ts";
import { isName } from "./name.ts";
import type { RoomEvent } from "./event.ts";

/** What names a piece of state. */
export type StateKeyPair = readonly [type: string, stateKey: string];

/** All of the room's state, oldest first. */
export async function currentState(db: Database, roomId: string): Promise<RoomEvent[]> {
  const rows = await selectCurrent(db, roomId).orderBy("depth").execute();
  return rows.map(toRoomEvent);
}

export async function currentStateEvent(
  db: Database,
  roomId: string,
  type: string,
  stateKey = "",
): Promise<RoomEvent | undefined> {
  if (!isName(type) || !isName(stateKey)) return undefined;
  const row = await selectCurrent(db, roomId)
    .where("type", "=", type)
    .where("state_key", "=", stateKey)
    .executeTakeFirst();
  return row && toRoomEvent(row);
}

/** Those of the named pieces that there are, in no order. */
export async function currentStateEvents(
  db: Database,
  roomId: string,
  keys: readonly StateKeyPair[],
): Promise<RoomEvent[]> {
  const possible = keys.filter((key) => key.every(isName));
  if (possible.length === 0) return [];
  const count = possible.length;
  const select = selectPieces[count] ?? selectSomePieces(count);
  if (count <= fewPieces) selectPieces[count] = select;
  const rows = await select(db, { roomId, ...possible.flat() });
  return rows.map(toRoomEvent);
}

const fewPieces = 8;

/** By how many there are, which are few for most who ask. */
const selectPieces: ReturnType<typeof selectSomePieces>[] = [];

function selectSomePieces(count: number) {
  return compiledQuery((db, { roomId, ...names }: { readonly roomId: string; readonly [index: number]: string }) => {
    const pieces = Array.from({ length: count }, (_, index) => sql`(${names[2 * index]}, ${names[2 * index + 1]})`);
    return selectCurrent(db, roomId).where(sql<boolean>`(type, state_key) in (values ${sql.join(pieces)})`);
  });
}

/** All of one type. */
export async function currentStateOfType(db: Database, roomId: string, type: string): Promise<RoomEvent[]> {
  const rows = await selectCurrent(db, roomId).where("type", "=", type).orderBy("depth").execute();
  return rows.map(toRoomEvent);
}

/** The state after the event of that depth, oldest first. */
export async function stateAt(db: Database, roomId: string, depth: number): Promise<RoomEvent[]> {
  const rows = await selectAt(db, roomId, depth).orderBy("depth").execute();
  return rows.map(toRoomEvent);
}

/** All of one type after the event of that depth, oldest first. */
export async function stateOfTypeAt(db: Database, roomId: string, depth: number, type: string): Promise<RoomEvent[]> {
  const rows = await selectAt(db, roomId, depth).where("type", "=", type).orderBy("depth").execute();
  return rows.map(toRoomEvent);
}

export async function stateEventAt(
  db: Database,
  roomId: string,
  depth: number,
  type: string,
  stateKey = "",
): Promise<RoomEvent | undefined> {
  if (!isName(type) || !isName(stateKey)) return undefined;
  const row = await db
    .selectFrom("hs_events")
    .selectAll()
    .where("room_id", "=", roomId)
    .where("type", "=", type)
    .where("state_key", "=", stateKey)
    .where("depth", "<=", depth)
    .orderBy("depth", "desc")
    .limit(1)
    .executeTakeFirst();
  return row && toRoomEvent(row);
}

function selectCurrent(db: Database, roomId: string) {
  return db
    .selectFrom("hs_events")
    .selectAll()
    .where("room_id", "=", roomId)
    .where("state_key", "is not", null)
    .where("replaced_at", "is", null);
}

function selectAt(db: Database, roomId: string, depth: number) {
  return db
    .selectFrom("hs_events")
    .selectAll()
    .where("room_id", "=", roomId)
    .where("state_key", "is not", null)
    .where("depth", "<=", depth)
    .where((is) => is.or([is("replaced_at", "is", null), is("replaced_at", ">", depth)]));
}
