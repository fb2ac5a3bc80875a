import { ok } from "@matrix-openapi/server";
import type { HandlerContext, Home, SessionOwner, SomeHandlers } from "../home.ts";
import type { Database } from "../../storage/database.ts";
import { eventsByIds } from "../rooms/event.ts";
import { pageSize } from "./page-size.ts";
import { mustSeeEvent } from "./single-event.ts";
import { toClientEvents } from "./to-client-events.ts";
import { depthAtPosition, readToken, tokenAfterDepth } from "./tokens.ts";
import { isShownTo, viewerOf } from "./viewer.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#relationships-api */
export function relatingEventHandlers(home: Home) {
  return {
    getRelatingEvents: (context) => relatingEvents(home, context),
    getRelatingEventsWithRelType: (context) => relatingEvents(home, context),
    getRelatingEventsWithRelTypeAndEventType: (context) => relatingEvents(home, context),
  } satisfies SomeHandlers;
}

/** Of any of the three: what the path does not name is not looked at. */
interface Request {
  readonly user: SessionOwner;
  readonly params: {
    readonly query: HandlerContext<"getRelatingEvents">["params"]["query"];
    readonly path: {
      readonly roomId: string;
      readonly eventId: string;
      readonly relType?: string;
      readonly eventType?: string;
    };
  };
}

async function relatingEvents(home: Home, { user, params }: Request) {
  const { db } = home;
  const { roomId, eventId, relType, eventType } = params.path;
  const { from, to, limit, dir, recurse } = params.query;
  const viewer = viewerOf(db, user);
  await mustSeeEvent(home, viewer, { roomId, eventId });
  const isBackwards = dir !== "f";
  const levels = recurse === true ? await levelsBelow(db, eventId) : [[eventId]];
  const size = pageSize(limit, 50);

  let query = db
    .selectFrom("hs_relations")
    .select(["event_id", "depth"])
    .where("room_id", "=", roomId)
    .where("relates_to", "in", levels.flat());
  if (relType !== undefined) query = query.where("rel_type", "=", relType);
  if (eventType !== undefined) query = query.where("type", "=", eventType);
  const depthOf = (token: string) => depthAtPosition(db, roomId, readToken(token));
  const [start, end] = [from && (await depthOf(from)), to && (await depthOf(to))];
  if (typeof start === "number") query = query.where("depth", isBackwards ? "<=" : ">", start);
  if (typeof end === "number") query = query.where("depth", isBackwards ? ">" : "<=", end);
  const rows = await query
    .orderBy("depth", isBackwards ? "desc" : "asc")
    .limit(size + 1)
    .execute();

  const page = rows.slice(0, size);
  const events = await eventsByIds(
    db,
    page.map((row) => row.event_id),
  );
  const isShown = await isShownTo(viewer, roomId);
  const last = page.at(-1);
  const next = last === undefined ? undefined : isBackwards ? last.depth - 1 : last.depth;
  return ok({
    chunk: await toClientEvents(home, events.filter(isShown), viewer),
    ...(rows.length > size && next !== undefined && { next_batch: await tokenAfterDepth(db, roomId, next) }),
    ...(from !== undefined && { prev_batch: from }),
    ...(recurse === true && { recursion_depth: levels.length }),
  });
}

const deepest = 3;

/** The event, those that relate to it, and those that relate to these: all that anything asked for can relate to. */
async function levelsBelow(db: Database, eventId: string): Promise<string[][]> {
  const levels = [[eventId]];
  const known = new Set([eventId]);
  while (levels.length < deepest) {
    const rows = await db
      .selectFrom("hs_relations")
      .select("event_id")
      .where("relates_to", "in", levels.at(-1) ?? [])
      .orderBy("depth")
      .limit(mostParents)
      .execute();
    const next = rows.map((row) => row.event_id).filter((id) => !known.has(id));
    if (next.length === 0) break;
    for (const id of next) known.add(id);
    levels.push(next);
  }
  return levels;
}

/** Of each level: what one statement takes. */
const mostParents = 5000;
