import { isUserId } from "../../../identifiers.ts";
import { asObject, isObject } from "../../../json.ts";
import type { JsonObject } from "../../../json.ts";
import type { AuthState, EventDraft } from "./auth-state.ts";
import { stateOf } from "./auth-state.ts";
import { integer, powerLevels, roomCreators } from "./power.ts";
import type { Refusal } from "./refusal.ts";

/** Rule 10: https://spec.matrix.org/v1.19/rooms/v12/#authorisation-rules */
export function authorisePowerLevels(event: EventDraft, state: AuthState): Refusal | null {
  const malformed = findMalformed(event.content, state);
  if (malformed !== null) return malformed;
  // 10.5
  const before = stateOf(state, "m.room.power_levels")?.content;
  if (before === undefined) return null;
  const { sender, content } = event;
  const own = powerLevels(state).ofUser(sender);
  const changesOf = (map: string) => changes(asObject(before[map]), asObject(content[map]));
  return (
    // 10.6
    findTooHigh(changes(before, content, levels), own, { mayEqual: true }) ??
    // 10.7 and 10.8
    findTooHigh([...changesOf("events"), ...changesOf("notifications")], own, { mayEqual: true }) ??
    // 10.9 and 10.10
    findTooHigh(changesOf("users"), own, { mayEqual: false, except: sender })
  );
}

function findMalformed(content: JsonObject, state: AuthState): Refusal | null {
  // 10.1
  const wrong = levels.find((key) => content[key] !== undefined && integer(content[key]) === undefined);
  if (wrong !== undefined) return `${wrong} must be an integer`;
  // 10.2
  for (const key of ["events", "notifications"]) {
    if (content[key] !== undefined && !isMapOfIntegers(content[key])) return `${key} must be a map of integers`;
  }
  // 10.3
  const { users } = content;
  if (users === undefined) return null;
  if (!isMapOfIntegers(users) || !Object.keys(users).every(isUserId))
    return "users must be a map of user IDs to integers";
  // 10.4
  const creator = state.version.creatorsAboveAll && roomCreators(state).find((userId) => Object.hasOwn(users, userId));
  return creator ? `${creator} has created the room, and can be given no level` : null;
}

interface Change {
  readonly key: string;
  readonly from: number | undefined;
  readonly to: number | undefined;
}

function changes(before: JsonObject, after: JsonObject, keys: readonly string[] = allKeys(before, after)): Change[] {
  return keys
    .map((key) => ({ key, from: integer(before[key]), to: integer(after[key]) }))
    .filter(({ from, to }) => from !== to);
}

function allKeys(...objects: readonly JsonObject[]): string[] {
  return [...new Set(objects.flatMap(Object.keys))];
}

/** What was there may be changed by those above it, or as high where `mayEqual`; nobody gives more than they have. */
function findTooHigh(
  changed: readonly Change[],
  own: number,
  { mayEqual, except }: { readonly mayEqual: boolean; readonly except?: string },
): Refusal | null {
  for (const { key, from, to } of changed) {
    const outOfReach = from !== undefined && key !== except && (mayEqual ? from > own : from >= own);
    if (outOfReach) return `${key} has a level of ${from}, which is out of reach of the sender's, ${own}`;
    if (to !== undefined && to > own) return `${key} cannot be given a level of ${to} by a sender who has ${own}`;
  }
  return null;
}

function isMapOfIntegers(value: unknown): value is JsonObject {
  return isObject(value) && Object.values(value).every((level) => integer(level) !== undefined);
}

const levels = ["users_default", "events_default", "state_default", "ban", "redact", "kick", "invite"];
