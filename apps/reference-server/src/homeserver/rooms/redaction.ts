import { MatrixError } from "@matrix-openapi/server";
import type { Database } from "../../storage/database.ts";
import type { Refusal } from "./authorisation/refusal.ts";
import { findRoomEvent } from "./event.ts";
import type { RoomEvent } from "./event.ts";
import { redact } from "./format/redact.ts";
import { hasPower } from "./permissions.ts";
import type { Room } from "./rooms.ts";

/**
 * Who has sent an event may redact it, and who has the power to: the rules for events allow it to all, but nothing would
 * come of it. https://spec.matrix.org/v1.19/client-server-api/#redactions
 */
export async function mayRedact(
  db: Database,
  room: Room,
  { sender, redacts }: { readonly sender: string; readonly redacts: string },
): Promise<Refusal | null> {
  const target = await findRoomEvent(db, room.roomId, redacts);
  if (target === undefined) {
    throw new MatrixError(404, "M_NOT_FOUND", `There is no event ${redacts} in the room to redact.`);
  }
  if (target.sender === sender || (await hasPower(db, room.roomId, sender, "redact"))) return null;
  return `the event is ${target.sender}'s, and redacting others' takes more power`;
}

/** What it takes off is gone from the database as well. The first redaction is the one that counts. */
export async function applyRedaction(db: Database, room: Room, { eventId, redacts }: RoomEvent): Promise<void> {
  const target = redacts === undefined ? undefined : await findRoomEvent(db, room.roomId, redacts);
  if (target === undefined || target.redactedBy !== undefined) return;
  await db
    .updateTable("hs_events")
    .set({ json: JSON.stringify(redact(target.json, room.version)), redacted_by: eventId })
    .where("event_id", "=", target.eventId)
    .execute();
}
