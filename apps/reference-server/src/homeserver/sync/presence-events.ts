import type { Home } from "../home.ts";
import { allPresence, presenceOf, presenceSince } from "../presence/presence-events.ts";
import type { PresenceEvent } from "../presence/presence-events.ts";
import type { SyncRequest } from "./request.ts";

/** Whose presence has changed, and of whom the user has not heard because they have shared no room until now. */
export async function presenceEvents(home: Home, { user, since, upTo }: SyncRequest): Promise<PresenceEvent[]> {
  if (since === undefined) return allPresence(home, user.id);
  const changed = await presenceSince(home, user.id, { after: since, upTo });
  const told = new Set(changed.map(({ sender }) => sender));
  const met = (await usersMet(home, user.id, since, upTo)).filter((other) => !told.has(other));
  return met.length === 0 ? changed : [...changed, ...(await presenceOf(home, met))];
}

/** Those who have come to a room of the user, and those who were there when the user came. */
async function usersMet({ db }: Home, userId: string, after: number, upTo: number): Promise<string[]> {
  const rows = await db
    .selectFrom("hs_stream as entry")
    .innerJoin("hs_memberships as own", "own.room_id", "entry.room_id")
    .innerJoin("hs_memberships as other", "other.room_id", "entry.room_id")
    .select("other.user_id")
    .distinct()
    .where("entry.kind", "=", "event")
    .where("entry.user_id", "is not", null)
    .where("entry.position", ">", after)
    .where("entry.position", "<=", upTo)
    .where("own.user_id", "=", userId)
    .where("own.membership", "=", "join")
    .where("other.user_id", "!=", userId)
    .where("other.membership", "=", "join")
    .where((is) => is.or([is("entry.user_id", "=", userId), is("entry.user_id", "=", is.ref("other.user_id"))]))
    .execute();
  return rows.map((row) => row.user_id);
}
