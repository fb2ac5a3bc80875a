import type { components } from "@matrix-openapi/definitions/client-server";
import type { Home } from "../home.ts";
import type { RoomEvent } from "../rooms/event.ts";
import { passes } from "../timeline/event-filter.ts";
import { isShownTo } from "../timeline/viewer.ts";
import type { AccountDataEvent } from "../user-data/account-data.ts";
import type { SyncRequest } from "./request.ts";
import { readRoomTimeline } from "./room-timeline.ts";
import type { RoomSpan } from "./room-timeline.ts";
import { showHistory } from "./show-events.ts";
import { stateChanges } from "./state-changes.ts";

type LeftRoom = components["schemas"]["LeftRoom"];

/**
 * What happened in a room up to the user's leaving it. Who was never in it, and has only been told that they cannot come,
 * gets just that. `upTo` is the depth of what ended it.
 */
export async function leftRoom(
  home: Home,
  request: SyncRequest,
  span: RoomSpan & { readonly accountData: readonly AccountDataEvent[] },
): Promise<LeftRoom> {
  const { viewer, filter } = request;
  const view = await viewer.room(span.roomId);
  const wasThere = view.wasJoined(span.isNew ? 0 : span.after, span.upTo);
  const isShown = await isShownTo(viewer, span.roomId);
  const isEnd = (event: RoomEvent) => event.depth === span.upTo;
  const timeline = await readRoomTimeline(home, request, span, (event) => isEnd(event) || (wasThere && isShown(event)));
  const changes = wasThere ? await stateChanges(home, request, span, timeline) : [];
  return {
    ...(await showHistory(home, timeline, changes, request)),
    account_data: { events: span.accountData.filter(passes(filter.room?.account_data, span.roomId)) },
  };
}
