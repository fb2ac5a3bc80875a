import type { Database } from "../../storage/database.ts";
import type { AfterSend } from "../rooms/after-send.ts";
import type { RoomEvent } from "../rooms/event.ts";
import { wordsOf } from "./words.ts";

/** The fields that can be searched, each of one event type: https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3search */
export const searchedFields = {
  "content.body": "m.room.message",
  "content.name": "m.room.name",
  "content.topic": "m.room.topic",
} as const;

export type SearchedField = keyof typeof searchedFields;

/** Keeps the words of what is said, so that it can be found by them; what is redacted is not found any more. */
export const indexWords: AfterSend = async ({ db }, event) => {
  if (event.redacts !== undefined) await forgetWords(db, event.roomId, event.redacts);
  const field = fieldOf(event);
  const text = field === undefined ? undefined : event.content[field.slice("content.".length)];
  if (field === undefined || typeof text !== "string") return;
  const words = wordsOf(text);
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const rows = [...counts].slice(0, mostWords).map(([word, count]) => ({
    word,
    event_id: event.eventId,
    room_id: event.roomId,
    depth: event.depth,
    field,
    weight: count / words.length,
  }));
  for (let start = 0; start < rows.length; start += atOnce) {
    await db
      .insertInto("hs_search_words")
      .values(rows.slice(start, start + atOnce))
      .execute();
  }
};

/** Of one event, so that nobody fills the index with a single one. */
const mostWords = 2000;
const atOnce = 200;

function fieldOf({ type }: RoomEvent): SearchedField | undefined {
  const fields = Object.keys(searchedFields) as SearchedField[]; // its own keys
  return fields.find((field) => searchedFields[field] === type);
}

async function forgetWords(db: Database, roomId: string, eventId: string): Promise<void> {
  await db.deleteFrom("hs_search_words").where("event_id", "=", eventId).where("room_id", "=", roomId).execute();
}
