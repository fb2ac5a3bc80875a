import type { components } from "@matrix-openapi/definitions/client-server";
import type { Home } from "../home.ts";
import { eventsByIds } from "../rooms/event.ts";
import type { RoomEvent } from "../rooms/event.ts";
import { plainClientEvents } from "./client-event.ts";
import { relationOf } from "./relations.ts";
import type { Viewer } from "./viewer.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#aggregations-of-child-events */
type Aggregations = components["schemas"]["BundledAggregations"];

/** What relates to each of the events, as far as the viewer may see it and does not ignore who sent it. */
export async function aggregationsOf(
  home: Home,
  events: readonly RoomEvent[],
  viewer: Viewer,
): Promise<Map<string, Aggregations>> {
  const relations = await visibleRelations(home, events.filter(isTarget), viewer);
  const wanted = [...relations.values()].flatMap(({ edit, latest }) => [edit, latest]);
  const ids = [...new Set(wanted.filter((id) => id !== undefined))];
  const related = await eventsByIds(home.db, ids);
  // The newest event of a thread shows its own edit.
  const edited = new Map(
    related.some((event) => isInThread(event)) ? await aggregationsOf(home, related.filter(isInThread), viewer) : [],
  );
  const shown = new Map(
    (await plainClientEvents(home, related, viewer)).map((event) => {
      const edit = edited.get(event.event_id)?.["m.replace"];
      const replaced = edit === undefined ? undefined : { "m.relations": { "m.replace": edit } };
      return [event.event_id, { ...event, unsigned: { ...event.unsigned, ...replaced } }];
    }),
  );
  return new Map(
    [...relations].map(([eventId, { edit, references, latest, count, participated }]) => {
      const replacement = edit === undefined ? undefined : shown.get(edit);
      const latestEvent = latest === undefined ? undefined : shown.get(latest);
      return [
        eventId,
        {
          ...(references.length > 0 && { "m.reference": { chunk: references.map((id) => ({ event_id: id })) } }),
          ...(replacement !== undefined && { "m.replace": replacement }),
          ...(latestEvent !== undefined && {
            "m.thread": { latest_event: latestEvent, count, current_user_participated: participated },
          }),
        },
      ];
    }),
  );
}

/** State has no aggregations, nor have edits and reactions. */
function isTarget({ stateKey, content }: RoomEvent): boolean {
  const relType = relationOf(content)?.relType;
  return stateKey === null && relType !== "m.replace" && relType !== "m.annotation";
}

function isInThread({ content }: RoomEvent): boolean {
  return relationOf(content)?.relType === "m.thread";
}

interface Related {
  edit?: string;
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
  const newestEdit = new Map<string, string>();
  for (const row of rows) {
    const target = byId.get(row.relates_to);
    if (target === undefined || ignored.has(row.sender)) continue;
    const view = await viewer.room(row.room_id);
    if (!view.canSee({ depth: row.depth, type: row.type, stateKey: null })) continue;
    const related = found.get(target.eventId) ?? {
      references: [],
      count: 0,
      participated: target.sender === viewer.userId,
    };
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
      if (rank <= (newestEdit.get(target.eventId) ?? "")) continue;
      newestEdit.set(target.eventId, rank);
      related.edit = row.event_id;
    }
  }
  return found;
}
