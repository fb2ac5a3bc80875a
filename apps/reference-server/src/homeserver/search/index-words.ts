import type { Selectable } from "kysely";
import type { Database } from "../../storage/database.ts";
import { withTransaction } from "../../storage/database.ts";
import { inBatches } from "../../storage/in-batches.ts";
import type { EventTable } from "../../storage/migrations/0012-rooms.ts";
import type { SearchWordTable } from "../../storage/migrations/0013-timeline.ts";
import { streamPosition } from "../../storage/stream.ts";
import type { AfterSend } from "../rooms/after-send.ts";
import { toRoomEvent } from "../rooms/event.ts";
import { wordsOf } from "./words.ts";

/** The fields that can be searched, each of one event type: https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3search */
export const searchedFields = {
  "content.body": "m.room.message",
  "content.name": "m.room.name",
  "content.topic": "m.room.topic",
} as const;

export type SearchedField = keyof typeof searchedFields;

const fieldNames = Object.keys(searchedFields) as SearchedField[]; // its own keys

/** What is redacted is not found any more. */
export const forgetWords: AfterSend = async ({ db }, { redacts, roomId }) => {
  if (redacts === undefined) return;
  await db.deleteFrom("hs_search_words").where("event_id", "=", redacts).where("room_id", "=", roomId).execute();
};

/**
 * Keeps the words of some events that are not in the index yet, the oldest first, and says whether there may be more.
 * Sending does not wait for it: what is committed is found in the stream, by whichever process comes first.
 */
export async function indexSome(db: Database): Promise<boolean> {
  if ((await indexedPosition(db)) === (await streamPosition(db))) return false;
  return withTransaction(db, async () => {
    const [indexed, head] = [await indexedPosition(db), await streamPosition(db)];
    const events = await db
      .selectFrom("hs_stream as entry")
      .innerJoin("hs_events as event", "event.event_id", "entry.reference")
      .selectAll("event")
      .select("entry.position")
      .where("entry.position", ">", indexed)
      .where("entry.kind", "=", "event")
      .where("event.type", "in", Object.values(searchedFields))
      .orderBy("entry.position")
      .limit(mostEvents)
      .execute();
    await inBatches(events.flatMap(wordsIn), (rows) => db.insertInto("hs_search_words").values(rows).execute());
    const last = events[mostEvents - 1];
    await db
      .updateTable("hs_search_head")
      .set({ position: last?.position ?? head })
      .execute();
    return last !== undefined;
  });
}

async function indexedPosition(db: Database): Promise<number> {
  const { position } = await db.selectFrom("hs_search_head").select("position").executeTakeFirstOrThrow();
  return position;
}

const mostEvents = 50;

function wordsIn(row: Selectable<EventTable>): SearchWordTable[] {
  const { eventId, roomId, depth, type, content } = toRoomEvent(row);
  const field = fieldNames.find((name) => searchedFields[name] === type);
  const text = field === undefined ? undefined : content[field.slice("content.".length)];
  if (field === undefined || typeof text !== "string") return [];
  const words = wordsOf(text);
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].slice(0, mostWords).map(([word, count]) => ({
    word,
    event_id: eventId,
    room_id: roomId,
    depth,
    field,
    weight: count / words.length,
  }));
}

/** Of one event, so that nobody fills the index with a single one. */
const mostWords = 2000;
