import type { Database } from "../../storage/database.ts";
import type { RoomEvent } from "../rooms/event.ts";
import { ignoredUsers } from "../user-data/ignored-users.ts";
import { roomView } from "./room-view.ts";
import type { RoomView } from "./room-view.ts";

/** Who asks, for one answer: what they may see is looked up once. */
export type Viewer = ReturnType<typeof viewerOf>;

export function viewerOf(db: Database, user: { readonly id: string; readonly deviceId: string }) {
  const rooms = new Map<string, Promise<RoomView>>();
  let ignored: Promise<ReadonlySet<string>> | undefined;
  return {
    userId: user.id,
    deviceId: user.deviceId,
    room(roomId: string): Promise<RoomView> {
      const view = rooms.get(roomId) ?? roomView(db, roomId, user.id);
      rooms.set(roomId, view);
      return view;
    },
    ignored: () => (ignored ??= ignoredUsers(db, user.id)),
  };
}

/** Of one room: may be seen, and is not of somebody ignored. State always counts, whoever has set it. */
export async function isShownTo(viewer: Viewer, roomId: string): Promise<(event: RoomEvent) => boolean> {
  const [view, ignored] = await Promise.all([viewer.room(roomId), viewer.ignored()]);
  return (event) => view.canSee(event) && (event.stateKey !== null || !ignored.has(event.sender));
}
