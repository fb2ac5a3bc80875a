import type { Home } from "../home.ts";
import type { RoomEvent } from "../rooms/event.ts";
import { aggregationsOf } from "./aggregations.ts";
import { plainClientEvents } from "./client-event.ts";
import type { ClientEvent } from "./client-event.ts";
import type { Viewer } from "./viewer.ts";

/** Events as one user's device gets them, with what relates to them. Who calls has checked that they may be seen. */
export async function toClientEvents(home: Home, events: readonly RoomEvent[], viewer: Viewer): Promise<ClientEvent[]> {
  const [plain, aggregations] = await Promise.all([
    plainClientEvents(home, events, viewer),
    aggregationsOf(home, events, viewer),
  ]);
  return plain.map((event) => {
    const relations = aggregations.get(event.event_id);
    if (relations === undefined || Object.keys(relations).length === 0) return event;
    return { ...event, unsigned: { ...event.unsigned, "m.relations": relations } };
  });
}

export async function toClientEvent(home: Home, event: RoomEvent, viewer: Viewer): Promise<ClientEvent> {
  const [shown] = await toClientEvents(home, [event], viewer);
  return shown!; // as many as were given
}
