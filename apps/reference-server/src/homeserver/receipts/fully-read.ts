import { MatrixError } from "@matrix-openapi/server";
import { withTransaction } from "../../storage/database.ts";
import type { Home } from "../home.ts";
import { findRoomEvent } from "../rooms/event.ts";
import { findAccountData, storeAccountData } from "../user-data/account-data.ts";

/** The marker only goes forward. https://spec.matrix.org/v1.19/client-server-api/#fully-read-markers */
export async function setFullyRead({ db }: Home, userId: string, roomId: string, eventId: string): Promise<void> {
  const event = await findRoomEvent(db, roomId, eventId);
  if (event === undefined) throw new MatrixError(404, "M_NOT_FOUND", `The room has no event ${eventId} to have read.`);
  const key = { userId, roomId, type: "m.fully_read" };
  await withTransaction(db, async () => {
    const marker = (await findAccountData(db, key))?.["event_id"];
    const current = typeof marker === "string" ? await findRoomEvent(db, roomId, marker) : undefined;
    if (current !== undefined && current.depth >= event.depth) return;
    await storeAccountData(db, key, { event_id: eventId });
  });
}
