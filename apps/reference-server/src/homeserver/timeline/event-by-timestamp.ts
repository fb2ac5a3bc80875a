import { error, ok } from "@matrix-openapi/server";
import type { Handler, Home } from "../home.ts";
import { mustSee } from "../rooms/access.ts";
import { toRoomEvent } from "../rooms/event.ts";
import { viewerOf } from "./viewer.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1roomsroomidtimestamp_to_event */
export function getEventByTimestamp(home: Home): Handler<"getEventByTimestamp"> {
  const { db } = home;
  return async ({ user, params }) => {
    const { roomId } = params.path;
    const { ts, dir } = params.query;
    const isBackwards = dir === "b";
    const visible = await mustSee(db, roomId, user.id);
    const view = await viewerOf(db, user).room(roomId);
    const order = isBackwards ? "desc" : "asc";
    const inTime = db
      .selectFrom("hs_events")
      .selectAll()
      .where("room_id", "=", roomId)
      .where("depth", "<=", visible)
      .where("origin_server_ts", isBackwards ? "<=" : ">=", ts)
      .orderBy("origin_server_ts", order)
      .orderBy("depth", order);
    for (let offset = 0; ; offset += atOnce) {
      const rows = await inTime.limit(atOnce).offset(offset).execute();
      const found = rows.map(toRoomEvent).find((event) => view.canSee(event));
      if (found !== undefined) return ok({ event_id: found.eventId, origin_server_ts: found.originServerTs });
      if (rows.length < atOnce) break;
    }
    const message = `The room has no event ${isBackwards ? "before" : "after"} ${ts} that you may see.`;
    return error(404, "M_NOT_FOUND", message);
  };
}

const atOnce = 100;
