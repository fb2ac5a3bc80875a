import { compiledQuery } from "../../storage/compiled-query.ts";
import type { Database } from "../../storage/database.ts";
import { withTransaction } from "../../storage/database.ts";
import { appendToStream } from "../../storage/stream.ts";
import type { Home } from "../home.ts";
import type { AfterSend } from "../rooms/after-send.ts";
import { nextChange, presenceAt } from "./presence-state.ts";
import type { PresenceRow, PresenceStatus } from "./presence-state.ts";

type Presence = PresenceStatus["presence"];

/** How long after the last sign of a client its user is taken to be there. */
const graceMs = 60_000;

export async function findPresence(db: Database, userId: string): Promise<PresenceRow | undefined> {
  const [row] = await selectPresence(db, { userId });
  return row;
}

const selectPresence = compiledQuery((db, { userId }: { readonly userId: string }) =>
  db.selectFrom("hs_presence").selectAll().where("user_id", "=", userId),
);

/** What a client says outright, which counts as activity. */
export async function setPresence(
  { db, clock }: Home,
  userId: string,
  { presence, statusMessage }: { readonly presence: Presence; readonly statusMessage: string | null },
): Promise<void> {
  const now = clock.now();
  await withTransaction(db, async () => {
    const before = await findPresence(db, userId);
    const connected_until = Math.max(before?.connected_until ?? 0, now + graceMs);
    const row = { user_id: userId, wanted: presence, status_msg: statusMessage, last_active_at: now, connected_until };
    await storePresence(db, before, row, now);
  });
}

/**
 * What `/sync` says by being called, with `set_presence`: `offline` says nothing. Being there is no activity, so that who
 * only syncs becomes idle all the same. https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3sync
 */
export async function touchPresence(
  { db, clock }: Home,
  userId: string,
  {
    setPresence: wanted = "online",
    timeoutMs = 0,
  }: { readonly setPresence?: Presence | undefined; readonly timeoutMs?: number },
): Promise<void> {
  if (wanted === "offline") return;
  const now = clock.now();
  const isKnown = (row: PresenceRow | undefined) =>
    row?.wanted === wanted && row.connected_until >= now + timeoutMs + graceMs / 2;
  if (isKnown(await findPresence(db, userId))) return; // most calls: nothing is written
  await withTransaction(db, async () => {
    const before = await findPresence(db, userId);
    const isThere = before !== undefined && presenceAt(before, now).presence !== "offline";
    const row = {
      user_id: userId,
      wanted,
      status_msg: before?.status_msg ?? null,
      last_active_at: isThere && before.wanted === wanted ? before.last_active_at : now,
      connected_until: Math.max(before?.connected_until ?? 0, now + timeoutMs + graceMs),
    };
    await storePresence(db, before, row, now);
  });
}

/** Who sends something is active, unless they hide it. https://spec.matrix.org/v1.19/client-server-api/#last-active-ago */
export const noteActivity: AfterSend = async ({ db, clock }, { sender, stateKey }) => {
  if (stateKey !== null) return;
  const before = await findPresence(db, sender);
  const now = clock.now();
  if (before === undefined || before.wanted === "offline" || now - before.last_active_at < graceMs / 2) return;
  const connected_until = Math.max(before.connected_until, now + graceMs);
  await storePresence(db, before, { ...before, wanted: "online", last_active_at: now, connected_until }, now);
};

/** Others see it anew, for what else of it has changed. */
export async function tellPresence(db: Database, userId: string): Promise<void> {
  if ((await findPresence(db, userId)) !== undefined) appendToStream(db, { kind: "presence", userId });
}

/** Others are told only of what makes a difference to them, not of every sign of life. */
async function storePresence(
  db: Database,
  before: PresenceRow | undefined,
  row: Omit<PresenceRow, "changes_at">,
  now: number,
): Promise<void> {
  const after = { ...row, changes_at: nextChange(row, now) };
  const { user_id, ...values } = after;
  await db
    .insertInto("hs_presence")
    .values({ user_id, ...values })
    .onConflict((conflict) => conflict.column("user_id").doUpdateSet(values))
    .execute();
  // By what they were told before, which time may have changed since.
  const isSame =
    before !== undefined && before.changes_at !== null && before.changes_at > now && isAlike(before, after, now);
  if (!isSame) appendToStream(db, { kind: "presence", userId: user_id });
}

function isAlike(before: PresenceRow, after: PresenceRow, now: number): boolean {
  const [one, other] = [presenceAt(before, now), presenceAt(after, now)];
  return (
    one.presence === other.presence &&
    one.currently_active === other.currently_active &&
    one.status_msg === other.status_msg
  );
}
