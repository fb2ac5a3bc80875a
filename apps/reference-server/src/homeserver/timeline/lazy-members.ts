import type { Home } from "../home.ts";
import type { RoomEvent } from "../rooms/event.ts";
import { stateAt } from "../rooms/state.ts";
import { clientState } from "./client-event.ts";
import type { ClientStateEvent } from "./client-event.ts";
import type { RoomEventFilter } from "./event-filter.ts";
import type { Viewer } from "./viewer.ts";

/** The member events of those users, as they were at a depth. */
export async function memberEventsAt(
  { db }: Home,
  roomId: string,
  depth: number,
  userIds: Iterable<string>,
): Promise<RoomEvent[]> {
  const keys = [...new Set(userIds)].map((userId) => ["m.room.member", userId] as const);
  return keys.length === 0 ? [] : stateAt(db, roomId, depth, { keys });
}

/** The state that it takes to show events, where the client loads members lazily: who has sent them. */
export async function membersToShow(
  home: Home,
  events: readonly RoomEvent[],
  filter: RoomEventFilter | undefined,
  viewer: Viewer,
): Promise<ClientStateEvent[]> {
  const [first] = events;
  if (first === undefined || filter?.lazy_load_members !== true) return [];
  const depth = Math.max(...events.map((event) => event.depth));
  const members = await memberEventsAt(
    home,
    first.roomId,
    depth,
    events.map(({ sender }) => sender),
  );
  return clientState(home, members, viewer);
}
