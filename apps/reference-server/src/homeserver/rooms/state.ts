import { sql } from "kysely";
import { compiledQuery } from "../../storage/compiled-query.ts";
import type { Database } from "../../storage/database.ts";
import { toRoomEvent } from "./event.ts";
import type { RoomEvent } from "./event.ts";

/** What names a piece of state. */
export type StateKeyPair = readonly [type: string, stateKey: string];

/** A part of a room's state; all of it where nothing is named. */
interface StatePart {
  readonly type?: string;
  readonly keys?: readonly StateKeyPair[];
  /** Without who is in the room, of which there can be many. */
  readonly exceptMembers?: boolean;
}

/** The state of a room now, oldest first. */
export async function currentState(db: Database, roomId: string, part: StatePart = {}): Promise<RoomEvent[]> {
  const current = selectState(db, roomId, part).where("replaced_at", "is", null);
  // The order of the index of what is current: for the whole, one of all events seems as good without it.
  const ordered = part.keys === undefined ? current.orderBy("type").orderBy("state_key") : current;
  return oldestFirst(await ordered.execute());
}

/** The state after the event of that depth, oldest first; of what was so after another one already, nothing. */
export async function stateAt(
  db: Database,
  roomId: string,
  depth: number,
  { after = 0, ...part }: StatePart & { readonly after?: number } = {},
): Promise<RoomEvent[]> {
  if (depth <= after) return [];
  const state = selectState(db, roomId, part).where("depth", "<=", depth);
  if (after === 0 && part.keys === undefined) {
    // Most is so still, and the rest has an index of its own: a room has far more events than state.
    const present = (await currentState(db, roomId, part)).filter((event) => event.depth <= depth);
    const replaced = oldestFirst(await state.where("replaced_at", ">", depth).execute());
    return [...present, ...replaced].toSorted(byDepth);
  }
  const rows = await state
    .where("depth", ">", after)
    .where((is) => is.or([is("replaced_at", "is", null), is("replaced_at", ">", depth)]))
    .execute();
  return oldestFirst(rows);
}

/** Those of the named pieces that there are, oldest first: {@link currentState} as every send asks for it. */
export async function currentStateEvents(
  db: Database,
  roomId: string,
  keys: readonly StateKeyPair[],
): Promise<RoomEvent[]> {
  const count = keys.length;
  if (count === 0) return [];
  const select = selectPieces[count] ?? selectSomePieces(count);
  if (count <= fewPieces) selectPieces[count] = select;
  return oldestFirst(await select(db, { roomId, ...keys.flat() }));
}

const fewPieces = 8;

/** By how many there are, which are few for most who ask. */
const selectPieces: ReturnType<typeof selectSomePieces>[] = [];

function selectSomePieces(count: number) {
  return compiledQuery((db, { roomId, ...names }: { readonly roomId: string; readonly [index: number]: string }) => {
    const keys = Array.from({ length: count }, (_, index): StateKeyPair => [names[2 * index]!, names[2 * index + 1]!]);
    return selectState(db, roomId, { keys }).where("replaced_at", "is", null);
  });
}

export async function currentStateEvent(
  db: Database,
  roomId: string,
  type: string,
  stateKey = "",
): Promise<RoomEvent | undefined> {
  return (await currentStateEvents(db, roomId, [[type, stateKey]]))[0];
}

export async function stateEventAt(
  db: Database,
  roomId: string,
  depth: number,
  type: string,
  stateKey = "",
): Promise<RoomEvent | undefined> {
  const pieces = selectState(db, roomId, { type }).where("state_key", "=", stateKey).where("depth", "<=", depth);
  const row = await pieces.orderBy("depth", "desc").limit(1).executeTakeFirst();
  return row && toRoomEvent(row);
}

function selectState(db: Database, roomId: string, { type, keys, exceptMembers = false }: StatePart) {
  let state = db.selectFrom("hs_events").selectAll().where("room_id", "=", roomId).where("state_key", "is not", null);
  if (type !== undefined) state = state.where("type", "=", type);
  if (exceptMembers) state = state.where("type", "!=", "m.room.member");
  return keys === undefined ? state : state.where(isAmong(keys));
}

function isAmong(keys: readonly StateKeyPair[]) {
  if (keys.length === 0) return sql<boolean>`false`;
  const values = sql.join(keys.map(([type, stateKey]) => sql`(${type}, ${stateKey})`));
  return sql<boolean>`(type, state_key) in (values ${values})`;
}

function oldestFirst(rows: readonly Parameters<typeof toRoomEvent>[0][]): RoomEvent[] {
  return rows.map(toRoomEvent).toSorted(byDepth);
}

function byDepth(a: RoomEvent, b: RoomEvent): number {
  return a.depth - b.depth;
}
