import { error, ok } from "@matrix-openapi/server";
import type { Handlers, Home } from "../home.ts";
import { visibleDepth } from "../rooms/access.ts";
import { findEvent } from "../rooms/event.ts";
import type { RoomEvent } from "../rooms/event.ts";
import { toClientEvents } from "./to-client-events.ts";
import { viewerOf } from "./viewer.ts";
import type { Viewer } from "./viewer.ts";

/** Whether there is no such event or the user may not see it is not told apart. */
export function singleEventHandlers(home: Home): Handlers<"getOneRoomEvent" | "getOneEvent"> {
  const { db } = home;
  const notFound = (eventId: string) =>
    error(404, "M_NOT_FOUND", `There is no event ${eventId} here that you may see.`);
  return {
    async getOneRoomEvent({ user, params }) {
      const { roomId, eventId } = params.path;
      const viewer = viewerOf(db, user);
      const event = await findVisibleEvent(home, viewer, eventId, roomId);
      const [shown] = event === undefined ? [] : await toClientEvents(home, [event], viewer);
      return shown === undefined ? notFound(eventId) : ok(shown);
    },

    async getOneEvent({ user, params }) {
      const { eventId } = params.path;
      const viewer = viewerOf(db, user);
      const event = await findVisibleEvent(home, viewer, eventId);
      const [shown] = event === undefined ? [] : await toClientEvents(home, [event], viewer);
      return shown === undefined ? notFound(eventId) : ok(shown);
    },
  };
}

/** The event, if it is one of the room, and the viewer may see it. */
export async function findVisibleEvent(
  { db }: Home,
  viewer: Viewer,
  eventId: string,
  roomId?: string,
): Promise<RoomEvent | undefined> {
  const event = await findEvent(db, eventId);
  if (event === undefined || (roomId !== undefined && event.roomId !== roomId)) return undefined;
  const visible = await visibleDepth(db, event.roomId, viewer.userId);
  if (visible === null) return undefined;
  return (await viewer.room(event.roomId)).canSee(event) ? event : undefined;
}
