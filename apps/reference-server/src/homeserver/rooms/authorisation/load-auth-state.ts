import type { Database } from "../../../storage/database.ts";
import type { RoomEvent } from "../event.ts";
import type { Room } from "../rooms.ts";
import { currentStateEvents } from "../state.ts";
import type { StateKeyPair } from "../state.ts";
import type { AuthEvent, AuthState, EventDraft } from "./auth-state.ts";
import { authStateKeys } from "./auth-state.ts";

/** The part of the room's state that says whether this event may be; inside of the transaction that has found the room. */
export async function loadAuthState(db: Database, room: Room, draft: EventDraft): Promise<AuthState> {
  const { pieces } = keptState(db, room);
  const keys = authStateKeys(draft);
  const missing = keys.filter((key) => !pieces.has(nameOf(key)));
  const found = missing.length === 0 ? [] : await currentStateEvents(db, room.roomId, missing);
  for (const key of missing) pieces.set(nameOf(key), undefined);
  for (const { type, stateKey, sender, content, eventId } of found) {
    pieces.set(nameOf([type, stateKey ?? ""]), { type, stateKey, sender, content, eventId });
  }
  const events = keys.map((key) => pieces.get(nameOf(key))).filter((event) => event !== undefined);
  return { version: room.version, justCreated: room.depth === 1, events };
}

/** Most events change no state: what is known of it from before still holds after them. */
export function keepAuthState(db: Database, room: Room, { eventId, stateKey, redacts }: RoomEvent): void {
  if (stateKey === null && redacts === undefined) keptState(db, room).after = eventId;
}

interface KeptState {
  /**
   * The room's newest event, which its state follows from: events are in a line, and redactions are events, too. The
   * database says which one it is now, so that what was rolled back, or another process has sent, is noticed.
   */
  after: string;
  /** As far as they were asked for; undefined for what there is not. */
  readonly pieces: Map<string, AuthEvent | undefined>;
}

const kept = new WeakMap<Database, Map<string, KeptState>>();
const mostRooms = 100;
const mostPieces = 300;

function keptState(db: Database, { roomId, lastEventId }: Room): KeptState {
  const rooms = kept.get(db) ?? new Map<string, KeptState>();
  kept.set(db, rooms);
  const known = rooms.get(roomId);
  if (known?.after === lastEventId && known.pieces.size < mostPieces) return known;
  const state: KeptState = { after: lastEventId, pieces: new Map() };
  rooms.delete(roomId);
  rooms.set(roomId, state);
  const [oldest] = rooms.keys();
  if (rooms.size > mostRooms && oldest !== undefined) rooms.delete(oldest);
  return state;
}

function nameOf([type, stateKey]: StateKeyPair): string {
  return `${type}\0${stateKey}`; // none of the types that the rules ask for has a NUL
}
