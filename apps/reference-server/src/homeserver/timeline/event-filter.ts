import type { components } from "@matrix-openapi/definitions/client-server";
import { requestValidators } from "@matrix-openapi/definitions/client-server/request-validators";
import { MatrixError } from "@matrix-openapi/server";
import { globMatcher } from "../../glob.ts";
import type { JsonObject } from "../../json.ts";
import { isObject } from "../../json.ts";

export type Filter = components["schemas"]["Filter"];
export type RoomEventFilter = components["schemas"]["RoomEventFilter"];

/** What a filter looks at; account data has no sender, and what goes beside events does not name its room. */
export interface Filterable {
  readonly type: string;
  readonly sender?: string;
  readonly roomId?: string;
  readonly content: JsonObject;
}

/** `room` is that of what does not name its own. https://spec.matrix.org/v1.19/client-server-api/#filtering */
export function passes(filter: RoomEventFilter | undefined, room = ""): (event: Filterable) => boolean {
  if (filter === undefined) return () => true;
  const { types, not_types: notTypes, contains_url: containsUrl } = filter;
  const isType = types && anyGlob(types);
  const isNotType = notTypes && anyGlob(notTypes);
  return ({ type, sender = "", roomId = room, content }) =>
    isType?.(type) !== false &&
    isNotType?.(type) !== true &&
    isAmong(sender, filter.senders, filter.not_senders) &&
    isAmong(roomId, filter.rooms, filter.not_rooms) &&
    (containsUrl === undefined || (typeof content["url"] === "string") === containsUrl);
}

/** What is named to be left out is left out, also where it is named to be there. */
export function isAmong(value: string, wanted?: readonly string[], unwanted?: readonly string[]): boolean {
  return wanted?.includes(value) !== false && unwanted?.includes(value) !== true;
}

/** A filter that a query brings as JSON. */
export function readFilter(text: string): Filter {
  const value = parse(text);
  const validate = requestValidators.defineFilter.body;
  if (isObject(value) && validate?.(value) !== false) return value as Filter; // just validated
  const [fault] = validate?.errors ?? [];
  throw badFilter(
    fault === undefined ? "it is no JSON object" : `${fault.instancePath} ${fault.message ?? fault.keyword}`,
  );
}

/** The same for the events of rooms. */
export function readRoomEventFilter(text: string | undefined): RoomEventFilter | undefined {
  if (text === undefined) return undefined;
  const value = parse(text);
  if (!isObject(value)) throw badFilter("it is no JSON object");
  return readFilter(JSON.stringify({ room: { timeline: value } })).room?.timeline;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function badFilter(reason: string): MatrixError {
  return new MatrixError(400, "M_INVALID_PARAM", `The filter cannot be used: ${reason}.`);
}

function anyGlob(globs: readonly string[]): (text: string) => boolean {
  const matchers = globs.map(globMatcher);
  return (text) => matchers.some((matches) => matches(text));
}
