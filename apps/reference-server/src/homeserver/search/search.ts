import type { components } from "@matrix-openapi/definitions/client-server";
import { MatrixError, ok } from "@matrix-openapi/server";
import type { Home, SomeHandlers } from "../home.ts";
import { currentState } from "../rooms/state.ts";
import { clientState } from "../timeline/client-event.ts";
import type { ClientStateEvent } from "../timeline/client-event.ts";
import { pageSize } from "../timeline/page-size.ts";
import { toClientEvents } from "../timeline/to-client-events.ts";
import { viewerOf } from "../timeline/viewer.ts";
import type { Viewer } from "../timeline/viewer.ts";
import { findEvents } from "./find-events.ts";
import type { Found } from "./find-events.ts";
import { indexSome } from "./index-words.ts";
import { resultContext } from "./result-context.ts";
import { wordsOf } from "./words.ts";

type EventSearch = components["schemas"]["EventSearch"];
type Results = components["schemas"]["EventSearchResults"];
type Groups = NonNullable<Results["groups"]>;

/** https://spec.matrix.org/v1.19/client-server-api/#server-side-search */
export function searchHandlers(home: Home) {
  const { db } = home;
  return {
    async search({ user, params, body }) {
      const wanted = body.search_categories.room_events;
      if (wanted === undefined) return ok({ search_categories: {} });
      const page = readPage(params.query.next_batch);
      const viewer = viewerOf(db, user);
      while (await indexSome(db)); // what is sent can be found at once
      const all = await findEvents(db, viewer, wanted);
      const listed = all.filter((found) => page.key === undefined || valueOf(found, page.key) === page.value);
      const size = pageSize(wanted.filter?.limit);
      const results = listed.slice(page.offset, page.offset + size);
      const next = page.offset + results.length;
      const groups = wanted.groupings && groupsOf(wanted.groupings, all, results);
      const room_events: Results = {
        count: all.length,
        highlights: [...new Set(wordsOf(wanted.search_term))],
        results: await shownResults(home, viewer, wanted, results),
        ...(wanted.include_state === true && { state: await statesOf(home, viewer, results) }),
        ...(groups !== undefined && { groups }),
        ...(results.length > 0 && next < listed.length && { next_batch: pageToken({ ...page, offset: next }) }),
      };
      return ok({ search_categories: { room_events } });
    },
  } satisfies SomeHandlers;
}

async function shownResults(
  home: Home,
  viewer: Viewer,
  { event_context: context }: EventSearch,
  results: readonly Found[],
): Promise<NonNullable<Results["results"]>> {
  const shown = await toClientEvents(
    home,
    results.map(({ event }) => event),
    viewer,
  );
  return Promise.all(
    results.map(async ({ event, rank }, index) => {
      const result = shown[index];
      return {
        rank,
        ...(result !== undefined && { result }),
        ...(context !== undefined && { context: await resultContext(home, viewer, event, context) }),
      };
    }),
  );
}

async function statesOf(
  home: Home,
  viewer: Viewer,
  results: readonly Found[],
): Promise<Record<string, ClientStateEvent[]>> {
  const states: Record<string, ClientStateEvent[]> = {};
  for (const roomId of new Set(results.map(({ event }) => event.roomId))) {
    // Who has left sees no state that came later.
    if ((await viewer.room(roomId)).membershipAt(Infinity) !== "join") continue;
    states[roomId] = await clientState(home, await currentState(home.db, roomId), viewer);
  }
  return states;
}

type GroupKey = "room_id" | "sender";

function valueOf({ event }: Found, key: GroupKey): string {
  return key === "room_id" ? event.roomId : event.sender;
}

/** Of the groups that the results belong to, in the order of the best of each. */
function groupsOf(
  { group_by: groupings = [] }: NonNullable<EventSearch["groupings"]>,
  all: readonly Found[],
  results: readonly Found[],
): Groups {
  const groups: Groups = {};
  for (const { key } of groupings) {
    if (key === undefined) continue;
    const ofKey: NonNullable<Groups[string]> = {};
    const values = [...new Set(results.map((found) => valueOf(found, key)))];
    for (const [order, value] of values.entries()) {
      const members = all.filter((found) => valueOf(found, key) === value);
      const shown = results.filter((found) => valueOf(found, key) === value);
      const last = shown.at(-1);
      const offset = last === undefined ? 0 : members.indexOf(last) + 1;
      ofKey[value] = {
        order,
        results: shown.map(({ event }) => event.eventId),
        ...(offset < members.length && { next_batch: pageToken({ offset, key, value }) }),
      };
    }
    groups[key] = ofKey;
  }
  return groups;
}

/** Where a list goes on: the whole one, or that of one group. */
interface Page {
  readonly offset: number;
  readonly key?: GroupKey | undefined;
  readonly value?: string | undefined;
}

function pageToken({ offset, key, value }: Page): string {
  return Buffer.from([offset, key, value].filter((part) => part !== undefined).join(" ")).toString("base64url");
}

function readPage(token: string | undefined): Page {
  if (token === undefined) return { offset: 0 };
  const text = Buffer.from(token, "base64url").toString();
  const { offset, key, value } =
    /^(?<offset>\d{1,15})(?: (?<key>room_id|sender) (?<value>.+))?$/s.exec(text)?.groups ?? {};
  if (offset !== undefined) return { offset: Number(offset), key: key as GroupKey | undefined, value };
  const message = "next_batch is none of this search: send what a response of it has given.";
  throw new MatrixError(400, "M_INVALID_PARAM", message);
}
