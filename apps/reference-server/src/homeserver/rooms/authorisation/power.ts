import { asObject } from "../../../json.ts";
import type { JsonObject } from "../../../json.ts";
import type { AuthState } from "./auth-state.ts";
import { stateOf } from "./auth-state.ts";

export type PowerAction = "ban" | "kick" | "invite" | "redact";

/** What users may do and what it takes; creators of rooms of version 12 have more than any number. */
export type PowerLevels = ReturnType<typeof powerLevels>;

/** https://spec.matrix.org/v1.19/client-server-api/#mroompower_levels */
export function powerLevels(state: AuthState) {
  const content = stateOf(state, "m.room.power_levels")?.content;
  const level = (key: string, otherwise: number) => integer(content?.[key]) ?? otherwise;
  const entry = (map: string, key: string) => integer(asObject(content?.[map])[key]);
  const creators = roomCreators(state);
  const { creatorsAboveAll } = state.version;
  return {
    ofUser(userId: string): number {
      if (creatorsAboveAll && creators.includes(userId)) return Number.POSITIVE_INFINITY;
      if (content === undefined) return creators.includes(userId) ? 100 : 0;
      return entry("users", userId) ?? level("users_default", 0);
    },
    toDo: (action: PowerAction) => level(action, action === "invite" ? 0 : 50),
    toSend(type: string, kind: "state" | "message"): number {
      const otherwise = kind === "message" ? level("events_default", 0) : level("state_default", content ? 50 : 0);
      return entry("events", type) ?? otherwise;
    },
    /** To notify all of a room, by a key of `notifications`. */
    toNotify: (key: string) => entry("notifications", key) ?? 50,
  };
}

/** The sender of the creation; from version 12 on, those it names beside as well. */
export function roomCreators(state: AuthState): readonly string[] {
  const create = stateOf(state, "m.room.create");
  if (create === undefined) return [];
  return [create.sender, ...(state.version.creatorsAboveAll ? additionalCreators(create.content) : [])];
}

export function additionalCreators({ additional_creators: users }: JsonObject): string[] {
  return Array.isArray(users) ? users.filter((user) => typeof user === "string") : [];
}

export function integer(value: unknown): number | undefined {
  return typeof value === "number" && Number.isInteger(value) ? value : undefined;
}
