import { MatrixError } from "@matrix-openapi/server";
import type { Selectable } from "kysely";
import { compiledQuery } from "../../storage/compiled-query.ts";
import type { Database } from "../../storage/database.ts";
import { inBatches } from "../../storage/in-batches.ts";
import type { MembershipTable } from "../../storage/migrations/0012-rooms.ts";

export type MembershipState = MembershipTable["membership"];

/** Where a user stands in a room, by their latest membership event. */
export interface Membership {
  readonly roomId: string;
  readonly userId: string;
  readonly membership: MembershipState;
  readonly eventId: string;
  readonly depth: number;
  /** Who made it so: the inviter, who kicked, or the user. */
  readonly sender: string;
  readonly forgotten: boolean;
}

/** Undefined for who has never had anything to do with the room. */
export async function membershipOf(db: Database, roomId: string, userId: string): Promise<Membership | undefined> {
  const [row] = await selectMembership(db, { roomId, userId });
  return row && toMembership(row);
}

export async function isJoined(db: Database, roomId: string, userId: string): Promise<boolean> {
  return (await membershipOf(db, roomId, userId))?.membership === "join";
}

/** Throws what is answered to who is not in the room. */
export async function mustBeJoined(db: Database, roomId: string, userId: string): Promise<void> {
  if (await isJoined(db, roomId, userId)) return;
  throw new MatrixError(403, "M_FORBIDDEN", `You are not in the room ${roomId}: join it first.`);
}

const selectMembership = compiledQuery((db, { roomId, userId }: Pick<Membership, "roomId" | "userId">) =>
  db.selectFrom("hs_memberships").selectAll().where("room_id", "=", roomId).where("user_id", "=", userId),
);

/** The user's rooms, those they have forgotten included; all of them where no membership is named. */
export async function roomsOf(db: Database, userId: string, membership?: MembershipState): Promise<Membership[]> {
  const rows = await (membership === undefined
    ? selectRooms(db, { userId })
    : selectRoomsAs(db, { userId, membership }));
  return rows.map(toMembership);
}

const selectRooms = compiledQuery((db, { userId }: Pick<Membership, "userId">) =>
  db.selectFrom("hs_memberships").selectAll().where("user_id", "=", userId).orderBy("room_id"),
);

const selectRoomsAs = compiledQuery((db, { userId, membership }: Pick<Membership, "userId" | "membership">) =>
  db
    .selectFrom("hs_memberships")
    .selectAll()
    .where("user_id", "=", userId)
    .where("membership", "=", membership)
    .orderBy("room_id"),
);

/** In the order in which they came to be so. */
export async function membersOf(db: Database, roomId: string, membership?: MembershipState): Promise<Membership[]> {
  let query = db.selectFrom("hs_memberships").selectAll().where("room_id", "=", roomId);
  if (membership !== undefined) query = query.where("membership", "=", membership);
  return (await query.orderBy("depth").execute()).map(toMembership);
}

/** Whether both are joined to one room at least. */
export async function shareRoom(db: Database, a: string, b: string): Promise<boolean> {
  const found = await joinedTogether(db, a).select("other.user_id").where("other.user_id", "=", b).executeTakeFirst();
  return found !== undefined;
}

/** Those of the others who are joined to a room that the user is joined to. */
export async function thoseSharingRooms(db: Database, userId: string, others: Iterable<string>): Promise<string[]> {
  const rows = await inBatches(others, (batch) =>
    joinedTogether(db, userId).select("other.user_id").distinct().where("other.user_id", "in", batch).execute(),
  );
  return rows.map((row) => row.user_id);
}

/** Everybody else who is joined to a room that the user is joined to, each once. */
export async function usersSharingRooms(db: Database, userId: string): Promise<string[]> {
  const rows = await joinedTogether(db, userId)
    .select("other.user_id")
    .distinct()
    .where("other.user_id", "!=", userId)
    .execute();
  return rows.map((row) => row.user_id);
}

/** The rooms that a user is joined to, each with everybody who is, too. */
export function joinedTogether(db: Database, userId: string) {
  return db
    .selectFrom("hs_memberships as own")
    .innerJoin("hs_memberships as other", "other.room_id", "own.room_id")
    .where("own.user_id", "=", userId)
    .where("own.membership", "=", "join")
    .where("other.membership", "=", "join");
}

function toMembership(row: Selectable<MembershipTable>): Membership {
  return {
    roomId: row.room_id,
    userId: row.user_id,
    membership: row.membership,
    eventId: row.event_id,
    depth: row.depth,
    sender: row.sender,
    forgotten: row.forgotten === 1,
  };
}
