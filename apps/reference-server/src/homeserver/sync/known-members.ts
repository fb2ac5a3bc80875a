import { withTransaction } from "../../storage/database.ts";
import { equal } from "../../storage/equal.ts";
import { refuseLoggedOut } from "../encryption/refuse-logged-out.ts";
import type { Home } from "../home.ts";
import type { RoomEvent } from "../rooms/event.ts";
import type { SyncRequest } from "./request.ts";

/**
 * Leaves out the member events that the device has for certain: it has come back with the token of a response that had
 * them. https://spec.matrix.org/v1.19/client-server-api/#lazy-loading-room-members
 */
export async function withoutKnown(
  { db }: Home,
  { user, since, upTo, fullState }: SyncRequest,
  roomId: string,
  members: readonly RoomEvent[],
): Promise<RoomEvent[]> {
  if (members.length === 0) return [];
  const own = { user_id: user.id, device_id: user.deviceId, room_id: roomId };
  const rows = await db
    .selectFrom("hs_lazy_members")
    .select(["member_event_id", "sent_at"])
    .where(equal(own))
    .execute();
  const sent = new Map(rows.map((row) => [row.member_event_id, row.sent_at]));
  const isKnown = ({ eventId }: RoomEvent) =>
    since !== undefined && !fullState && (sent.get(eventId) ?? Infinity) <= since;
  const unknown = members.filter((event) => !isKnown(event));
  const isDevice = user.deviceId !== ""; // an application service's request need not be for one
  const toRemember = isDevice ? unknown.filter(({ eventId }) => sent.get(eventId) !== upTo) : [];
  if (toRemember.length > 0) {
    await withTransaction(db, async () => {
      await refuseLoggedOut(db, user);
      await db
        .insertInto("hs_lazy_members")
        .values(toRemember.map(({ eventId }) => ({ ...own, member_event_id: eventId, sent_at: upTo })))
        .onConflict((conflict) =>
          conflict.columns(["user_id", "device_id", "room_id", "member_event_id"]).doUpdateSet({ sent_at: upTo }),
        )
        .execute();
    });
  }
  return unknown;
}

/** A client that starts anew has nothing. */
export async function forgetKnown({ db }: Home, { user }: SyncRequest): Promise<void> {
  const own = { user_id: user.id, device_id: user.deviceId };
  const known = db.selectFrom("hs_lazy_members").where(equal(own));
  if ((await known.select("room_id").limit(1).executeTakeFirst()) === undefined) return; // most: nothing is written
  await db.deleteFrom("hs_lazy_members").where(equal(own)).execute();
}
