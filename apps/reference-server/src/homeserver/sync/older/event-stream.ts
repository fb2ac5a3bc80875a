import { error, ok } from "@matrix-openapi/server";
import { startDeadline } from "../../../process/deadline.ts";
import type { Database } from "../../../storage/database.ts";
import { streamPosition, waitForStream } from "../../../storage/stream.ts";
import { refuseLoggedOut } from "../../encryption/refuse-logged-out.ts";
import type { Handler, Home } from "../../home.ts";
import { isWorldReadable } from "../../rooms/access.ts";
import { eventsByIds } from "../../rooms/event.ts";
import type { RoomEvent } from "../../rooms/event.ts";
import { mustBeJoined } from "../../rooms/memberships.ts";
import { toClientEvents } from "../../timeline/to-client-events.ts";
import { readToken, syncToken } from "../../timeline/tokens.ts";
import { isShownTo, viewerOf } from "../../timeline/viewer.ts";
import type { Viewer } from "../../timeline/viewer.ts";

/**
 * The events of all of the user's rooms as they come, or of one, which everybody may follow where its history is for all.
 * https://spec.matrix.org/v1.19/client-server-api/#room-previews
 */
export function getEvents(home: Home): Handler<"getEvents"> {
  const { db } = home;
  return async ({ user, params, signal }) => {
    const { from, room_id: roomId, timeout = 0 } = params.query;
    if (user.guest && roomId === undefined) {
      return error(400, "M_MISSING_PARAM", "Guests follow one room: send its room_id.");
    }
    const timeLeft = startDeadline(home.clock, timeout);
    const start = from === undefined ? await streamPosition(db) : readToken(from);
    for (let seen = start; ;) {
      if (roomId !== undefined && !(await isWorldReadable(db, roomId))) await mustBeJoined(db, roomId, user.id);
      const viewer = viewerOf(db, user);
      const { events, upTo } = await eventsAfter(db, viewer, seen, roomId);
      if (events.length > 0 || signal.aborted || timeLeft() <= 0) {
        return ok({ start: syncToken(start), end: syncToken(upTo), chunk: await toClientEvents(home, events, viewer) });
      }
      seen = upTo;
      await waitForStream(db, seen, { timeoutMs: timeLeft(), signal });
      await refuseLoggedOut(db, user);
    }
  };
}

async function eventsAfter(db: Database, viewer: Viewer, after: number, roomId?: string) {
  const position = Math.max(after, await streamPosition(db));
  let query = db
    .selectFrom("hs_stream as entry")
    .select(["entry.position", "entry.reference"])
    .where("entry.kind", "=", "event")
    .where("entry.position", ">", after)
    .where("entry.position", "<=", position)
    .orderBy("entry.position")
    .limit(mostEvents);
  query =
    roomId === undefined
      ? query.where("entry.room_id", "in", (rooms) =>
          rooms
            .selectFrom("hs_memberships")
            .select("room_id")
            .where("user_id", "=", viewer.userId)
            .where("forgotten", "=", 0),
        )
      : query.where("entry.room_id", "=", roomId);
  const rows = await query.execute();
  const ids = rows.map((row) => row.reference).filter((id) => id !== null);
  const events: RoomEvent[] = [];
  for (const event of await eventsByIds(db, ids)) {
    if ((await isShownTo(viewer, event.roomId))(event)) events.push(event);
  }
  return { events, upTo: rows.length === mostEvents ? (rows.at(-1)?.position ?? position) : position };
}

const mostEvents = 100;
