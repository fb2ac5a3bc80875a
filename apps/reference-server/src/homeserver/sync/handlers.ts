import type { Home } from "../home.ts";
import { filterHandlers } from "./filters.ts";
import { getEvents } from "./older/event-stream.ts";
import { initialSyncHandlers } from "./older/initial-sync.ts";
import { sync } from "./sync.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#syncing */
export function syncHandlers(home: Home) {
  return {
    sync: sync(home),
    getEvents: getEvents(home),
    ...filterHandlers(home),
    ...initialSyncHandlers(home),
  };
}
