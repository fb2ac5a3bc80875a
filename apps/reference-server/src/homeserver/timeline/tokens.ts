import { MatrixError } from "@matrix-openapi/server";
import { compiledQuery } from "../../storage/compiled-query.ts";
import type { Database } from "../../storage/database.ts";

/**
 * A token stands for a place in the stream: after the entry of that position. `/sync` gives `s…` and timelines give
 * `t…`; each operation takes either. https://spec.matrix.org/v1.19/client-server-api/#pagination
 */
export function syncToken(position: number): string {
  return `s${position}`;
}

function timelineToken(position: number): string {
  return `t${position}`;
}

/** The position, or what is answered for text that no server of ours has given. */
export function readToken(token: string): number {
  const [, position] = /^[st]([0-9]{1,15})$/.exec(token) ?? [];
  if (position !== undefined) return Number(position);
  const message = `${JSON.stringify(token)} is no token of this server: give one that /sync or /messages has answered with.`;
  throw new MatrixError(400, "M_INVALID_PARAM", message);
}

/** The depth of a room's newest event at a position; 0 before there was the room. */
export async function depthAtPosition(db: Database, roomId: string, position: number): Promise<number> {
  const [newest] = await selectNewestAt(db, { roomId, position });
  return newest?.depth ?? 0;
}

const selectNewestAt = compiledQuery(
  (db, { roomId, position }: { readonly roomId: string; readonly position: number }) =>
    db
      .selectFrom("hs_stream as entry")
      .innerJoin("hs_events as event", "event.event_id", "entry.reference")
      .select("event.depth")
      .where("entry.room_id", "=", roomId)
      .where("entry.kind", "=", "event")
      .where("entry.position", "<=", position)
      .orderBy("entry.position", "desc")
      .limit(1),
);

/** The place just after the event of that depth; before the room's first event for 0. */
export async function tokenAfterDepth(db: Database, roomId: string, depth: number): Promise<string> {
  if (depth <= 0) return timelineToken(0);
  const row = await db
    .selectFrom("hs_events as event")
    .innerJoin("hs_stream as entry", "entry.reference", "event.event_id")
    .select("entry.position")
    .where("event.room_id", "=", roomId)
    .where("event.depth", "=", depth)
    .where("entry.kind", "=", "event")
    .executeTakeFirstOrThrow();
  return timelineToken(row.position);
}
