import { MatrixError } from "@matrix-openapi/server";
import type { Database } from "../../../storage/database.ts";
import { findAlias } from "../directory/aliases.ts";
import { findRoom } from "../rooms.ts";

/** The ID of a room that there is, from that ID or from an alias. */
export async function resolveRoom(db: Database, roomIdOrAlias: string): Promise<string> {
  const roomId = roomIdOrAlias.startsWith("#") ? (await findAlias(db, roomIdOrAlias))?.roomId : roomIdOrAlias;
  if (roomId !== undefined && (await findRoom(db, roomId)) !== undefined) return roomId;
  throw new MatrixError(404, "M_NOT_FOUND", `This server knows no room ${roomIdOrAlias}.`);
}
