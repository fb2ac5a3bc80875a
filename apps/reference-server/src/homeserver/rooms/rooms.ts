import { MatrixError } from "@matrix-openapi/server";
import { compiledQuery } from "../../storage/compiled-query.ts";
import type { Database } from "../../storage/database.ts";
import { findRoomVersion } from "./format/room-version.ts";
import type { RoomVersion } from "./format/room-version.ts";

export interface Room {
  readonly roomId: string;
  readonly version: RoomVersion;
  /** Who has sent its creation. */
  readonly creator: string;
  readonly createdAt: number;
  /** Of the newest event. */
  readonly depth: number;
  readonly lastEventId: string;
  /** Listed in the directory. */
  readonly isPublic: boolean;
}

export async function findRoom(db: Database, roomId: string): Promise<Room | undefined> {
  const [row] = await selectRoom(db, { roomId });
  if (row === undefined) return undefined;
  const version = findRoomVersion(row.version);
  if (version === undefined) throw new Error(`the room ${roomId} has version ${row.version}, which nothing here makes`);
  return {
    roomId: row.room_id,
    version,
    creator: row.creator,
    createdAt: row.created_at,
    depth: row.depth,
    lastEventId: row.last_event_id,
    isPublic: row.is_public === 1,
  };
}

/** The same, or what is answered. */
export async function mustFindRoom(db: Database, roomId: string): Promise<Room> {
  const room = await findRoom(db, roomId);
  if (room === undefined) throw unknownRoom(roomId);
  return room;
}

/** Also for one that somebody may not know of. */
export function unknownRoom(idOrAlias: string): MatrixError {
  return new MatrixError(404, "M_NOT_FOUND", `There is no room ${idOrAlias} here, or none that you may know of.`);
}

/** In the directory, or not. */
export async function listRoom(db: Database, roomId: string, isPublic: boolean): Promise<void> {
  const is_public = isPublic ? 1 : 0;
  await db.updateTable("hs_rooms").set({ is_public }).where("room_id", "=", roomId).execute();
}

const selectRoom = compiledQuery((db, { roomId }: { readonly roomId: string }) =>
  db.selectFrom("hs_rooms").selectAll().where("room_id", "=", roomId),
);
