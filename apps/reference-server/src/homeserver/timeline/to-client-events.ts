import type { components } from "@matrix-openapi/definitions/client-server";
import type { Home } from "../home.ts";
import { eventsByIds } from "../rooms/event.ts";
import type { RoomEvent } from "../rooms/event.ts";
import { plainClientEvents } from "./client-event.ts";
import type { ClientEvent } from "./client-event.ts";
import { relationOf } from "./relations.ts";
import type { Viewer } from "./viewer.ts";

/** Events as one user's device gets them, with what relates to them. Who calls has checked that they may be seen. */
export async function toClientEvents(home: Home, events: readonly RoomEvent[], viewer: Viewer): Promise<ClientEvent[]> {
  const [plain, aggregations] = await Promise.all([
    plainClientEvents(home, events, viewer),
    aggregationsOf(home, events, viewer),
  ]);
  return plain.map((event) => {
    const relations = aggregations.get(event.event_id) ?? {};
    if (Object.keys(relations).length === 0) return event;
    return { ...event, unsigned: { ...event.unsigned, "m.relations": relations } };
  });
}

export async function toClientEvent(home: Home, event: RoomEvent, viewer: Viewer): Promise<ClientEvent> {
  const [shown] = await toClientEvents(home, [event], viewer);
  return shown!; // as many as were given
}

/**
 * What relates to each of the events, as far as the viewer may see it and does not ignore who sent it.
 * https://spec.matrix.org/v1.19/client-server-api/#aggregations-of-child-events
 */
async function aggregationsOf(home: Home, events: readonly RoomEvent[], viewer: Viewer) {
  const relations = await visibleRelations(home, events.filter(isTarget), viewer);
  if (relations.size === 0) return new Map<string, Aggregations>();
  const ids = [...relations.values()].flatMap(({ edit = [], latest = [] }) => [edit, latest].flat());
  // These have their own: the newest event of a thread may have been edited. Edits have none, so that it ends there.
  const related = await toClientEvents(home, await eventsByIds(home.db, [...new Set(ids)]), viewer);
  const shown = new Map(related.map((event) => [event.event_id, event]));
  return new Map([...relations].map(([eventId, found]) => [eventId, toAggregations(found, shown)]));
}

type Aggregations = components["schemas"]["BundledAggregations"];

function toAggregations(
  { edit = "", references, latest = "", count, participated }: Related,
  shown: ReadonlyMap<string, ClientEvent>,
): Aggregations {
  const [replacement, latestEvent] = [shown.get(edit), shown.get(latest)];
  return {
    ...(references.length > 0 && { "m.reference": { chunk: references.map((id) => ({ event_id: id })) } }),
    ...(replacement !== undefined && { "m.replace": replacement }),
    ...(latestEvent !== undefined && {
      "m.thread": { latest_event: latestEvent, count, current_user_participated: participated },
    }),
  };
}

/** State has no aggregations, nor have edits and reactions. */
function isTarget({ stateKey, content }: RoomEvent): boolean {
  const relType = relationOf(content)?.relType;
  return stateKey === null && relType !== "m.replace" && relType !== "m.annotation";
}

/** The IDs of what relates to an event. */
interface Related {
  edit?: string;
  /** Of the newest edit is the greatest. */
  rank: string;
  readonly references: string[];
  latest?: string;
  count: number;
  participated: boolean;
}

async function visibleRelations(
  { db }: Home,
  targets: readonly RoomEvent[],
  viewer: Viewer,
): Promise<Map<string, Related>> {
  const found = new Map<string, Related>();
  if (targets.length === 0) return found;
  const byId = new Map(targets.map((event) => [event.eventId, event]));
  const ignored = await viewer.ignored();
  const rows = await db
    .selectFrom("hs_relations")
    .selectAll()
    .where("relates_to", "in", [...byId.keys()])
    .where("rel_type", "in", ["m.reference", "m.replace", "m.thread"])
    .orderBy("depth")
    .execute();
  for (const row of rows) {
    const target = byId.get(row.relates_to);
    if (target === undefined || ignored.has(row.sender)) continue;
    const view = await viewer.room(row.room_id);
    if (!view.canSee({ depth: row.depth, type: row.type, stateKey: null })) continue;
    const isOwn = target.sender === viewer.userId;
    const related = found.get(target.eventId) ?? { rank: "", references: [], count: 0, participated: isOwn };
    found.set(target.eventId, related);
    if (row.rel_type === "m.reference") related.references.push(row.event_id);
    if (row.rel_type === "m.thread") {
      related.latest = row.event_id;
      related.count += 1;
      related.participated ||= row.sender === viewer.userId;
    }
    if (row.rel_type === "m.replace" && row.is_edit === 1 && target.redactedBy === undefined) {
      // https://spec.matrix.org/v1.19/client-server-api/#server-side-aggregation-of-mreplace-relationships
      const rank = `${String(row.origin_server_ts).padStart(16, "0")} ${row.event_id}`;
      if (rank > related.rank) Object.assign(related, { rank, edit: row.event_id });
    }
  }
  return found;
}
