import type { Database } from "../../storage/database.ts";
import type { RoomEvent } from "../rooms/event.ts";
import { findRoomEvent } from "../rooms/event.ts";
import { relationOf } from "../timeline/relations.ts";

/**
 * `main`, or the root of the thread that the event is in, by itself or by what it relates to; roots themselves are in
 * none. https://spec.matrix.org/v1.19/client-server-api/#threaded-read-receipts
 */
export async function threadIdOf(db: Database, event: RoomEvent): Promise<string> {
  let current: RoomEvent | undefined = event;
  for (let level = 0; current !== undefined && level <= mostHops; level += 1) {
    const relation = relationOf(current.content);
    if (relation === undefined) break;
    if (relation.relType === "m.thread") return relation.eventId;
    current = await findRoomEvent(db, current.roomId, relation.eventId);
  }
  return "main";
}

const mostHops = 3;
