import { MatrixError, ok } from "@matrix-openapi/server";
import type { Handler, Home } from "../home.ts";
import { asObject } from "../../json.ts";
import { mustSee } from "../rooms/access.ts";
import { eventsByIds } from "../rooms/event.ts";
import type { RoomEvent } from "../rooms/event.ts";
import { redact } from "../rooms/format/redact.ts";
import { mustFindRoom } from "../rooms/rooms.ts";
import type { Room } from "../rooms/rooms.ts";
import { pageSize } from "./page-size.ts";
import { toClientEvents } from "./to-client-events.ts";
import { viewerOf } from "./viewer.ts";

/** That whose thread has the newest event first: https://spec.matrix.org/v1.19/client-server-api/#querying-threads-in-a-room */
export function getThreadRoots(home: Home): Handler<"getThreadRoots"> {
  const { db } = home;
  return async ({ user, params }) => {
    const { roomId } = params.path;
    const { include, from, limit } = params.query;
    const visible = await mustSee(db, roomId, user.id);
    const viewer = viewerOf(db, user);
    const [view, ignored] = await Promise.all([viewer.room(roomId), viewer.ignored()]);
    const size = pageSize(limit, 50);

    let threads = db
      .selectFrom("hs_relations as reply")
      .innerJoin("hs_events as root", "root.event_id", "reply.relates_to")
      .select((get) => ["root.event_id", get.fn.max("reply.depth").as("latest")])
      .where("reply.room_id", "=", roomId)
      .where("reply.rel_type", "=", "m.thread")
      .where("reply.depth", "<=", visible)
      .groupBy("root.event_id");
    if (ignored.size > 0) threads = threads.where("reply.sender", "not in", [...ignored]);
    if (include === "participated") {
      threads = threads.where((is) =>
        is.or([
          is("root.sender", "=", user.id),
          is.exists(
            is
              .selectFrom("hs_relations as own")
              .select("own.event_id")
              .whereRef("own.relates_to", "=", "root.event_id")
              .where("own.rel_type", "=", "m.thread")
              .where("own.sender", "=", user.id),
          ),
        ]),
      );
    }
    if (from !== undefined) threads = threads.having((is) => is(is.fn.max("reply.depth"), "<", readPosition(from)));
    const rows = await threads
      .orderBy("latest", "desc")
      .limit(size + 1)
      .execute();

    const page = rows.slice(0, size);
    const room = await mustFindRoom(db, roomId);
    const roots = await eventsByIds(
      db,
      page.map((row) => row.event_id),
    );
    const shown = roots
      .filter((root) => view.canSee(root))
      .map((root) => (ignored.has(root.sender) ? asRedacted(room, root) : root));
    const last = page.at(-1);
    return ok({
      chunk: await toClientEvents(home, shown, viewer),
      ...(rows.length > size && last !== undefined && { next_batch: `d${last.latest}` }),
    });
  };
}

/** The thread goes on without what an ignored user has begun it with. */
function asRedacted({ version }: Room, root: RoomEvent): RoomEvent {
  const json = redact(root.json, version);
  return { ...root, json, content: asObject(json["content"]) };
}

function readPosition(token: string): number {
  const [, depth] = /^d([0-9]{1,15})$/.exec(token) ?? [];
  if (depth !== undefined) return Number(depth);
  const message = `${JSON.stringify(token)} is no next_batch of this operation: give the one of the response before.`;
  throw new MatrixError(400, "M_INVALID_PARAM", message);
}
