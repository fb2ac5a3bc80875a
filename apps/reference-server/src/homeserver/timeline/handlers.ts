import type { Home } from "../home.ts";
import { getEventContext } from "./context.ts";
import { getEventByTimestamp } from "./event-by-timestamp.ts";
import { getRoomEvents } from "./messages.ts";
import { relatingEventHandlers } from "./relating-events.ts";
import { singleEventHandlers } from "./single-event.ts";
import { getThreadRoots } from "./thread-roots.ts";

/** What has been said in rooms: https://spec.matrix.org/v1.19/client-server-api/#syncing */
export function timelineHandlers(home: Home) {
  return {
    getRoomEvents: getRoomEvents(home),
    getEventContext: getEventContext(home),
    getEventByTimestamp: getEventByTimestamp(home),
    getThreadRoots: getThreadRoots(home),
    ...singleEventHandlers(home),
    ...relatingEventHandlers(home),
  };
}
