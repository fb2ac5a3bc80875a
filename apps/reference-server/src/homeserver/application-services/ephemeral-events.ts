import { inBatches } from "../../storage/in-batches.ts";
import type { Home } from "../home.ts";
import { presenceOf } from "../presence/presence-events.ts";
import { receiptContent } from "../receipts/receipts.ts";
import { typingUsers } from "../receipts/typing.ts";
import { roomsOf } from "../rooms/memberships.ts";
import { isRoomOfInterest } from "./interest.ts";
import type { ApplicationService } from "./services.ts";

/** An entry of the stream, of those kinds that no event stands behind. */
export interface EphemeralEntry {
  readonly kind: string;
  readonly room_id: string | null;
  readonly user_id: string | null;
}

/**
 * Who is there, types and has read what, as it is now: https://spec.matrix.org/v1.19/application-service-api/#pushing-ephemeral-data
 */
export async function ephemeralEvents(
  home: Home,
  service: ApplicationService,
  entries: readonly EphemeralEntry[],
): Promise<object[]> {
  const events: object[] = [];
  for (const [roomId, inRoom] of Map.groupBy(entries, (entry) => entry.room_id)) {
    if (roomId === null || !(await isRoomOfInterest(home.db, service, roomId))) continue;
    const readers = usersOf(inRoom.filter(({ kind }) => kind === "receipt"));
    const receipts = await receiptsOf(home, service, roomId, readers);
    if (Object.keys(receipts).length > 0) events.push({ type: "m.receipt", room_id: roomId, content: receipts });
    if (inRoom.some(({ kind }) => kind === "typing")) {
      events.push({ type: "m.typing", room_id: roomId, content: { user_ids: await typingUsers(home, roomId) } });
    }
  }
  const near: string[] = [];
  for (const userId of usersOf(entries.filter(({ kind }) => kind === "presence"))) {
    if (await isNear(home, service, userId)) near.push(userId);
  }
  return near.length === 0 ? events : [...events, ...(await presenceOf(home, near))];
}

function usersOf(entries: readonly EphemeralEntry[]): string[] {
  return [...new Set(entries.map((entry) => entry.user_id).filter((userId) => userId !== null))];
}

/** Private ones are told of to their own service only. */
async function receiptsOf({ db }: Home, service: ApplicationService, roomId: string, readers: readonly string[]) {
  const rows = await inBatches(readers, (batch) =>
    db.selectFrom("hs_receipts").selectAll().where("room_id", "=", roomId).where("user_id", "in", batch).execute(),
  );
  return receiptContent(
    rows.filter(({ receipt_type: type, user_id: id }) => type === "m.read" || service.users.has(id)),
  );
}

async function isNear({ db }: Home, service: ApplicationService, userId: string): Promise<boolean> {
  if (service.users.has(userId)) return true;
  for (const { roomId } of await roomsOf(db, userId, "join")) {
    if (await isRoomOfInterest(db, service, roomId)) return true;
  }
  return false;
}
