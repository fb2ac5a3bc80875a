import { compiledQuery } from "../../storage/compiled-query.ts";
import type { Database } from "../../storage/database.ts";
import { toRoomEvent } from "../rooms/event.ts";
import type { RoomEvent } from "../rooms/event.ts";

/** What one user may see of the history of a room. */
export type RoomView = Awaited<ReturnType<typeof roomView>>;

/**
 * By the history visibility and the user's membership at each event:
 * https://spec.matrix.org/v1.19/client-server-api/#server-behaviour-7
 */
export async function roomView(db: Database, roomId: string, userId: string) {
  const [memberships, visibilities] = await Promise.all([
    history(db, roomId, "m.room.member", userId, "membership"),
    history(db, roomId, "m.room.history_visibility", "", "history_visibility"),
  ]);
  /** The user's own membership after the event of that depth; `leave` for who had nothing to do with the room. */
  const membershipAt = (depth: number) => valueAt(memberships, depth) ?? "leave";
  const visibilityAt = (depth: number) => valueAt(visibilities, depth) ?? "shared";
  const joinedBy = memberships.findLastIndex(({ value }) => value === "join");
  const lastJoin = memberships[joinedBy]?.depth ?? 0;

  const allows = (visibility: string, membership: string, depth: number) =>
    visibility === "world_readable" ||
    membership === "join" ||
    (visibility === "invited" && membership === "invite") ||
    (visibility !== "joined" && visibility !== "invited" && lastJoin > depth);

  return {
    membershipAt,
    /** Of the membership event that made it so; 0 where there is none. */
    membershipSince: (depth: number) => memberships.findLast((change) => change.depth <= depth)?.depth ?? 0,
    /** Whether the user was in the room at any time from the first depth on, up to the second. */
    wasJoined: (after: number, upTo: number) =>
      membershipAt(after) === "join" ||
      memberships.some(({ depth, value }) => value === "join" && depth > after && depth <= upTo),
    /** Of the event that ended the user's last stay; null for who has never been in the room, or is in it. */
    lastLeave: joinedBy === -1 ? null : (memberships[joinedBy + 1]?.depth ?? null),
    canSee({ depth, type, stateKey }: Pick<RoomEvent, "depth" | "type" | "stateKey">) {
      // Both sides of a change count, so that nobody misses the change itself.
      const before = depth - 1;
      const visibility = [visibilityAt(depth)];
      if (type === "m.room.history_visibility" && stateKey === "") visibility.push(visibilityAt(before));
      const membership = [membershipAt(depth)];
      if (type === "m.room.member" && stateKey === userId) membership.push(membershipAt(before));
      return visibility.some((shown) => membership.some((own) => allows(shown, own, depth)));
    },
    /** Whether the user knew the state that the event of that depth found. */
    knewStateBefore: (depth: number) =>
      membershipAt(depth - 1) === "join" ||
      membershipAt(depth) === "join" ||
      visibilityAt(depth - 1) === "world_readable",
  };
}

interface Change {
  readonly depth: number;
  readonly value: string;
}

async function history(db: Database, roomId: string, type: string, stateKey: string, field: string): Promise<Change[]> {
  const rows = await selectHistory(db, { roomId, type, stateKey });
  return rows.map(toRoomEvent).flatMap(({ depth, content }) => {
    const value = content[field];
    return typeof value === "string" ? [{ depth, value }] : [];
  });
}

const selectHistory = compiledQuery(
  (db, { roomId, type, stateKey }: { readonly roomId: string; readonly type: string; readonly stateKey: string }) =>
    db
      .selectFrom("hs_events")
      .selectAll()
      .where("room_id", "=", roomId)
      .where("type", "=", type)
      .where("state_key", "=", stateKey)
      .orderBy("depth"),
);

function valueAt(changes: readonly Change[], depth: number): string | undefined {
  return changes.findLast((change) => change.depth <= depth)?.value;
}
