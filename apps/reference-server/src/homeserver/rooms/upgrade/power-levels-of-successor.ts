import { asObject } from "../../../json.ts";
import type { JsonObject } from "../../../json.ts";
import { integer, roomCreators } from "../authorisation/power.ts";
import { withTombstoneLevel } from "../creation/initial-power-levels.ts";
import type { RoomEvent } from "../event.ts";
import type { RoomVersion } from "../format/room-version.ts";
import type { Room } from "../rooms.ts";

/** The room to be. */
export interface Successor {
  readonly version: RoomVersion;
  /** Who upgrades, and those who become creators beside, where the version has several. */
  readonly creators: readonly [userId: string, ...additional: string[]];
}

/**
 * The old room's levels, as far as the new one's version has them: there creators have no number, or those of the old
 * one need one. https://spec.matrix.org/v1.19/client-server-api/#server-behaviour-18
 */
export function powerLevelsOfSuccessor(
  state: readonly RoomEvent[],
  old: Room,
  { version, creators }: Successor,
): JsonObject {
  const content = state.find(({ type, stateKey }) => type === "m.room.power_levels" && stateKey === "")?.content ?? {};
  const users = asObject(content["users"]);
  if (version.creatorsAboveAll) {
    const others = Object.entries(users).filter(([userId]) => !creators.includes(userId));
    return withTombstoneLevel(raiseTombstone({ ...content, users: Object.fromEntries(others) }));
  }
  if (!old.version.creatorsAboveAll) return content;
  const oldCreators = roomCreators({ version: old.version, justCreated: false, events: state });
  const numbered = Object.fromEntries(oldCreators.map((userId) => [userId, highestIn(content)]));
  return { ...content, users: { ...users, ...numbered } };
}

/** With these the new room's maker sets up the rest; then the real ones follow. */
export function temporaryPowerLevels(levels: JsonObject, userId: string): JsonObject {
  const users = asObject(levels["users"]);
  const needed = highestIn(levels);
  const own = integer(users[userId]) ?? integer(levels["users_default"]) ?? 0;
  return own >= needed ? levels : { ...levels, users: { ...users, [userId]: needed } };
}

/** Only who has some power still writes in the old room, or invites. */
export function quietPowerLevels(levels: JsonObject): { readonly level: number; readonly content: JsonObject } {
  const level = Math.max(50, (integer(levels["users_default"]) ?? 0) + 1);
  const raised = (key: string) => Math.max(level, integer(levels[key]) ?? 0);
  const content = { ...levels, events_default: raised("events_default"), invite: raised("invite") };
  return { level: Math.max(content.events_default, content.invite), content };
}

/** A number that was enough in versions without creators above all is too low now. */
function raiseTombstone(content: JsonObject): JsonObject {
  const events = asObject(content["events"]);
  const { "m.room.tombstone": given, ...others } = events;
  const level = integer(given);
  const isHighEnough = level !== undefined && level > Math.max(100, integer(content["state_default"]) ?? 50);
  return isHighEnough ? content : { ...content, events: others };
}

function highestIn(levels: JsonObject): number {
  const maps = ["users", "events", "notifications"].flatMap((key) => Object.values(asObject(levels[key])));
  return Math.max(100, ...[...Object.values(levels), ...maps].map((level) => integer(level) ?? 0));
}
