import type { Selectable } from "kysely";
import type { PresenceTable } from "../../storage/migrations/0014-user-data.ts";

export type PresenceRow = Selectable<PresenceTable>;

/** A type, so that it is assignable to JsonValue. */
export type PresenceStatus = {
  readonly presence: "online" | "unavailable" | "offline";
  readonly currently_active: boolean;
  readonly last_active_ago?: number;
  readonly status_msg?: string;
};

/** How long after having done something a user counts as active. */
const activeMs = 60_000;
/** https://spec.matrix.org/v1.19/client-server-api/#idle-timeout */
const idleMs = 5 * 60_000;

/** What others are told of a user, by what is known and how long ago. https://spec.matrix.org/v1.19/client-server-api/#presence */
export function presenceAt(row: PresenceRow, now: number): PresenceStatus {
  const ago = Math.max(0, now - row.last_active_at);
  const presence =
    now >= row.connected_until ? "offline" : row.wanted === "online" && ago >= idleMs ? "unavailable" : row.wanted;
  const isActive = presence === "online" && ago < activeMs;
  return {
    presence,
    currently_active: isActive,
    ...(!isActive && { last_active_ago: ago }),
    ...(row.status_msg !== null && { status_msg: row.status_msg }),
  };
}

/** When that will be something else if nothing happens; null: never. */
export function nextChange(row: Omit<PresenceRow, "changes_at">, now: number): number | null {
  const { wanted, last_active_at, connected_until } = row;
  if (wanted === "offline") return null;
  const idle = wanted === "online" ? [last_active_at + activeMs, last_active_at + idleMs] : [];
  const later = [connected_until, ...idle].filter((at) => at > now && at <= connected_until);
  return later.length === 0 ? null : Math.min(...later);
}
