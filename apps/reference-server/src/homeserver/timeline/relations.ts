import { MatrixError } from "@matrix-openapi/server";
import { asObject, isObject } from "../../json.ts";
import type { JsonObject } from "../../json.ts";
import type { Database } from "../../storage/database.ts";
import type { AfterSend } from "../rooms/after-send.ts";
import type { BeforeSend } from "../rooms/before-send.ts";
import { findRoomEvent } from "../rooms/event.ts";
import type { RoomEvent } from "../rooms/event.ts";

/** How an event relates to another one: https://spec.matrix.org/v1.19/client-server-api/#forming-relationships-between-events */
export interface Relation {
  readonly relType: string;
  readonly eventId: string;
  readonly key?: string;
}

export function relationOf(content: JsonObject): Relation | undefined {
  const { rel_type: relType, event_id: eventId, key } = asObject(content["m.relates_to"]);
  if (typeof relType !== "string" || typeof eventId !== "string") return undefined;
  return { relType, eventId, ...(typeof key === "string" && { key }) };
}

/** Keeps what relates to what, so that it can be found from its target; what is redacted relates to nothing any more. */
export const indexRelation: AfterSend = async ({ db }, event) => {
  const { roomId, redacts } = event;
  if (redacts !== undefined) {
    await db.deleteFrom("hs_relations").where("event_id", "=", redacts).where("room_id", "=", roomId).execute();
  }
  const relation = relationOf(event.content);
  if (relation === undefined) return;
  const target = await findRoomEvent(db, roomId, relation.eventId);
  if (target === undefined) return;
  await db
    .insertInto("hs_relations")
    .values({
      event_id: event.eventId,
      room_id: roomId,
      depth: event.depth,
      relates_to: target.eventId,
      rel_type: relation.relType,
      type: event.type,
      sender: event.sender,
      origin_server_ts: event.originServerTs,
      is_edit: relation.relType === "m.replace" && isEdit(event, target) ? 1 : 0,
      annotation_key: relation.key ?? null,
    })
    .execute();
};

/** https://spec.matrix.org/v1.19/client-server-api/#validity-of-replacement-events */
function isEdit(event: RoomEvent, target: RoomEvent): boolean {
  return (
    event.sender === target.sender &&
    event.type === target.type &&
    event.stateKey === null &&
    target.stateKey === null &&
    relationOf(target.content)?.relType !== "m.replace" &&
    (event.type === "m.room.encrypted" || isObject(event.content["m.new_content"]))
  );
}

/** The same reaction twice, and threads that could not be shown, are refused. */
export const checkRelation: BeforeSend = async ({ db }, event) => {
  const relation = relationOf(event.content);
  if (relation === undefined) return;
  if (relation.relType === "m.annotation") await refuseDuplicate(db, event, relation);
  if (relation.relType === "m.thread") await refuseNestedThread(db, event.roomId, relation);
};

/** https://spec.matrix.org/v1.19/client-server-api/#avoiding-duplicate-annotations */
async function refuseDuplicate(
  db: Database,
  { sender, type }: { readonly sender: string; readonly type: string },
  { eventId, key }: Relation,
): Promise<void> {
  if (key === undefined) return;
  const same = await db
    .selectFrom("hs_relations")
    .select("event_id")
    .where("relates_to", "=", eventId)
    .where("rel_type", "=", "m.annotation")
    .where("type", "=", type)
    .where("sender", "=", sender)
    .where("annotation_key", "=", key)
    .executeTakeFirst();
  if (same === undefined) return;
  const message = `You have annotated ${eventId} with ${JSON.stringify(key)} already: redact that before you send it again.`;
  throw new MatrixError(400, "M_DUPLICATE_ANNOTATION", message);
}

/** https://spec.matrix.org/v1.19/client-server-api/#server-side-processing-of-threaded-relationships */
async function refuseNestedThread(db: Database, roomId: string, { eventId }: Relation): Promise<void> {
  const root = await findRoomEvent(db, roomId, eventId);
  if (root === undefined || relationOf(root.content) === undefined) return;
  const message = `${eventId} relates to another event itself, and cannot be the root of a thread.`;
  throw new MatrixError(400, "M_UNKNOWN", message);
}
