import type { Database } from "../../storage/database.ts";
import { toRoomEvent } from "../rooms/event.ts";
import type { RoomEvent } from "../rooms/event.ts";

export interface WantedState {
  readonly roomId: string;
  /** What was so at that depth is left out; 0 for all of it. */
  readonly after: number;
  /** It is the state at this depth. */
  readonly upTo: number;
  /** Without who is in the room, of which there can be many. */
  readonly exceptMembers: boolean;
}

/** The state of a room at a depth, as far as it was not yet so at another; oldest first. */
export async function roomState(db: Database, wanted: WantedState): Promise<RoomEvent[]> {
  const { roomId, after, upTo, exceptMembers } = wanted;
  let state = db.selectFrom("hs_events").selectAll().where("room_id", "=", roomId).where("state_key", "is not", null);
  if (exceptMembers) state = state.where("type", "!=", "m.room.member");
  const atDepth = state.where("depth", "<=", upTo);
  // Two queries for the whole, each with an index of its own: a room has far more events than state.
  const rows =
    after > 0
      ? await atDepth
          .where("depth", ">", after)
          .where((is) => is.or([is("replaced_at", "is", null), is("replaced_at", ">", upTo)]))
          .execute()
      : [
          ...(await atDepth.where("replaced_at", "is", null).execute()),
          ...(await atDepth.where("replaced_at", ">", upTo).execute()),
        ];
  return rows.map(toRoomEvent).toSorted((a, b) => a.depth - b.depth);
}
