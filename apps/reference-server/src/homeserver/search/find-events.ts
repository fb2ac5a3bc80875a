import type { components } from "@matrix-openapi/definitions/client-server";
import type { Database } from "../../storage/database.ts";
import { eventsByIds } from "../rooms/event.ts";
import type { RoomEvent } from "../rooms/event.ts";
import { roomsOf } from "../rooms/memberships.ts";
import { isAmong, passes } from "../timeline/event-filter.ts";
import { isShownTo } from "../timeline/viewer.ts";
import type { Viewer } from "../timeline/viewer.ts";
import { searchedFields } from "./index-words.ts";
import { wordsOf } from "./words.ts";

export interface Found {
  readonly event: RoomEvent;
  readonly rank: number;
}

type Wanted = components["schemas"]["EventSearch"];

/** What has all the words, in rooms that the user is or was in, as far as they may see it; the best or newest first. */
export async function findEvents(
  db: Database,
  viewer: Viewer,
  { search_term: term, keys, filter = {}, order_by: order = "rank" }: Wanted,
): Promise<Found[]> {
  const words = [...new Set(wordsOf(term))];
  const rooms = (await roomsOf(db, viewer.userId))
    .filter(({ roomId, forgotten }) => !forgotten && isAmong(roomId, filter.rooms, filter.not_rooms))
    .map(({ roomId }) => roomId);
  if (words.length === 0 || rooms.length === 0) return [];
  const rows = await db
    .selectFrom("hs_search_words as found")
    .innerJoin("hs_events as event", "event.event_id", "found.event_id")
    .select((get) => ["found.event_id", "event.origin_server_ts", "found.depth", get.fn.sum("found.weight").as("rank")])
    .where("found.word", "in", words)
    .where("found.room_id", "in", rooms)
    .where("found.field", "in", keys ?? Object.keys(searchedFields))
    .groupBy(["found.event_id", "event.origin_server_ts", "found.depth"])
    .having((is) => is(is.fn.count("found.word").distinct(), "=", words.length))
    .execute();
  const ranks = new Map(rows.map((row) => [row.event_id, Number(row.rank)]));
  const isPassed = passes(filter);
  const found: Found[] = [];
  for (const event of await eventsByIds(db, [...ranks.keys()])) {
    if (!isPassed(event) || !(await isShownTo(viewer, event.roomId))(event)) continue;
    found.push({ event, rank: ranks.get(event.eventId) ?? 0 });
  }
  const newer = (a: Found, b: Found) =>
    b.event.originServerTs - a.event.originServerTs ||
    b.event.depth - a.event.depth ||
    (a.event.eventId < b.event.eventId ? -1 : 1);
  return found.toSorted((a, b) => (order === "recent" ? newer(a, b) : b.rank - a.rank || newer(a, b)));
}
