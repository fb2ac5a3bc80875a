import type { components } from "@matrix-openapi/definitions/client-server";
import type { Home } from "../home.ts";
import type { RoomEvent } from "../rooms/event.ts";
import { eventsAround } from "../timeline/context.ts";
import { memberEventsAt } from "../timeline/lazy-members.ts";
import { pageSize } from "../timeline/page-size.ts";
import { toClientEvents } from "../timeline/to-client-events.ts";
import type { Viewer } from "../timeline/viewer.ts";
import { shownIn } from "../user-data/profile.ts";

type SearchContext = components["schemas"]["SearchContext"];
type Wanted = components["schemas"]["SearchContextRequest"];

/** What stands around a result, and how those who wrote it showed themselves then. */
export async function resultContext(
  home: Home,
  viewer: Viewer,
  event: RoomEvent,
  { before_limit: before, after_limit: after, include_profile: includeProfile }: Wanted,
): Promise<SearchContext> {
  const around = await eventsAround(home, event, viewer, { before: pageSize(before, 5), after: pageSize(after, 5) });
  const senders = [...around.before, event, ...around.after].map(({ sender }) => sender);
  return {
    start: around.start,
    end: around.end,
    events_before: await toClientEvents(home, around.before, viewer),
    events_after: await toClientEvents(home, around.after, viewer),
    ...(includeProfile === true && { profile_info: await profilesAt(home, event, senders) }),
  };
}

async function profilesAt(
  home: Home,
  { roomId, depth }: RoomEvent,
  userIds: readonly string[],
): Promise<NonNullable<SearchContext["profile_info"]>> {
  const members = await memberEventsAt(home, roomId, depth, userIds);
  return Object.fromEntries(members.map(({ stateKey, content }) => [stateKey, shownIn(content)]));
}
