import type { Database } from "../../storage/database.ts";
import { inBatches } from "../../storage/in-batches.ts";
import type { StreamRange } from "../../storage/stream-entry.ts";
import type { Home } from "../home.ts";
import { profilesOf, shownIn } from "../user-data/profile.ts";
import type { ShownProfile } from "../user-data/profile.ts";
import { presenceAt } from "./presence-state.ts";
import type { PresenceRow, PresenceStatus } from "./presence-state.ts";

/** As `/sync` has it. A type, so that it is assignable to JsonValue. */
export type PresenceEvent = {
  readonly type: "m.presence";
  readonly sender: string;
  readonly content: PresenceStatus & ShownProfile;
};

/** Of the user and of those in their rooms whose presence has changed between two positions of the stream. */
export async function presenceSince(
  home: Home,
  userId: string,
  { after, upTo }: StreamRange,
): Promise<PresenceEvent[]> {
  const rows = await sharedPresence(home.db, userId)
    .where("presence.user_id", "in", (changed) =>
      changed
        .selectFrom("hs_stream")
        .select((select) => select.ref("user_id").$notNull().as("user_id"))
        .where("kind", "=", "presence")
        .where("position", ">", after)
        .where("position", "<=", upTo),
    )
    .execute();
  return toEvents(home, rows);
}

/** Of all those who are not offline, for a first sync. */
export async function allPresence(home: Home, userId: string): Promise<PresenceEvent[]> {
  const rows = await sharedPresence(home.db, userId)
    .where("presence.connected_until", ">", home.clock.now())
    .where("presence.wanted", "!=", "offline")
    .execute();
  return toEvents(home, rows);
}

/** Of those named, for who has just come to share a room with them; that they do is for the caller to know. */
export async function presenceOf(home: Home, userIds: readonly string[]): Promise<PresenceEvent[]> {
  const all = home.db.selectFrom("hs_presence").selectAll();
  return toEvents(home, await inBatches(userIds, (some) => all.where("user_id", "in", some).execute()));
}

/** https://spec.matrix.org/v1.19/client-server-api/#security-considerations-3 */
function sharedPresence(db: Database, userId: string) {
  return db
    .selectFrom("hs_presence as presence")
    .selectAll("presence")
    .orderBy("presence.user_id")
    .where(({ or, eb, exists, selectFrom }) =>
      or([
        eb("presence.user_id", "=", userId),
        exists(
          selectFrom("hs_memberships as other")
            .innerJoin("hs_memberships as own", "own.room_id", "other.room_id")
            .select("own.room_id")
            .whereRef("other.user_id", "=", "presence.user_id")
            .where("other.membership", "=", "join")
            .where("own.user_id", "=", userId)
            .where("own.membership", "=", "join"),
        ),
      ]),
    );
}

async function toEvents({ db, clock }: Home, rows: readonly PresenceRow[]): Promise<PresenceEvent[]> {
  const now = clock.now();
  const profiles = await profilesOf(
    db,
    rows.map((row) => row.user_id),
  );
  return rows.map((row) => ({
    type: "m.presence",
    sender: row.user_id,
    content: { ...presenceAt(row, now), ...shownIn(profiles.get(row.user_id) ?? {}) },
  }));
}
