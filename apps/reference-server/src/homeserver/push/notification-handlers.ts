import { MatrixError, ok } from "@matrix-openapi/server";
import type { Home, SomeHandlers } from "../home.ts";
import { eventsByIds } from "../rooms/event.ts";
import { toClientEvents } from "../timeline/to-client-events.ts";
import { viewerOf } from "../timeline/viewer.ts";
import { toldInThreads } from "./told.ts";

const usualPage = 20;
const largestPage = 100;

/** The newest first, from the rooms that the user is in or invited to. https://spec.matrix.org/v1.19/client-server-api/#listing-notifications */
export function notificationHandlers(home: Home) {
  const { db } = home;
  return {
    async getNotifications({ user, params }) {
      const { from, limit = usualPage, only } = params.query;
      const size = Math.min(limit, largestPage);
      const rows = await listNotifications(home, {
        userId: user.id,
        before: from === undefined ? undefined : readPlace(from),
        onlyHighlights: only === "highlight",
        limit: size + 1,
      });
      const page = rows.slice(0, size);
      const viewer = viewerOf(db, user);
      const events = await eventsByIds(
        db,
        page.map((row) => row.event_id),
      );
      const shown = new Map((await toClientEvents(home, events, viewer)).map((event) => [event.event_id, event]));
      const notifications = page.flatMap(({ event_id, room_id, ts, actions, read_depth, thread_depth, depth }) => {
        const known = shown.get(event_id);
        if (known === undefined) return [];
        const { room_id: _room, ...event } = known;
        const read = depth <= Math.max(read_depth, thread_depth ?? 0);
        return [{ room_id, event, ts, actions: JSON.parse(actions), read }];
      });
      const last = page.at(-1);
      return ok({ notifications, ...(rows.length > size && last !== undefined && { next_token: toToken(last) }) });
    },
  } satisfies SomeHandlers;
}

/** Where a notification stands in the list. */
interface Place {
  readonly ts: number;
  readonly room_id: string;
  readonly depth: number;
}

interface NotificationQuery {
  readonly userId: string;
  readonly before: Place | undefined;
  readonly onlyHighlights: boolean;
  readonly limit: number;
}

async function listNotifications({ db }: Home, { userId, before, onlyHighlights, limit }: NotificationQuery) {
  let query = toldInThreads(db, userId, "joined_depth")
    .selectAll("one")
    .select("thread.read_depth as thread_depth")
    .orderBy("one.ts", "desc")
    .orderBy("one.room_id", "desc")
    .orderBy("one.depth", "desc")
    .limit(limit);
  if (onlyHighlights) query = query.where("one.highlight", "=", 1);
  if (before !== undefined) {
    const { ts, room_id, depth } = before;
    query = query.where(({ eb, and, or }) =>
      or([
        eb("one.ts", "<", ts),
        and([eb("one.ts", "=", ts), eb("one.room_id", "<", room_id)]),
        and([eb("one.ts", "=", ts), eb("one.room_id", "=", room_id), eb("one.depth", "<", depth)]),
      ]),
    );
  }
  return query.execute();
}

function toToken({ ts, depth, room_id }: Place): string {
  return `${ts}-${depth}-${room_id}`;
}

function readPlace(token: string): Place {
  const [, ts, depth, room_id] = /^(\d{1,15})-(\d{1,15})-(!.+)$/s.exec(token) ?? [];
  if (room_id !== undefined) return { ts: Number(ts), depth: Number(depth), room_id };
  throw new MatrixError(400, "M_INVALID_PARAM", "from is no token of this list: give the next_token of a response.");
}
