import type { Database } from "../../../storage/database.ts";
import type { Room } from "../rooms.ts";
import { currentStateEvents } from "../state.ts";
import type { AuthState, EventDraft } from "./auth-state.ts";
import { authStateKeys } from "./auth-state.ts";

/** The part of the room's state that says whether this event may be. */
export async function loadAuthState(db: Database, room: Room, draft: EventDraft): Promise<AuthState> {
  const events = await currentStateEvents(db, room.roomId, authStateKeys(draft));
  return { version: room.version, justCreated: room.depth === 1, events };
}
