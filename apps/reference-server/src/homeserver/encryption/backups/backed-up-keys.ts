import type { Database } from "../../../storage/database.ts";
import { inBatches } from "../../../storage/in-batches.ts";
import { equal } from "../../../storage/equal.ts";
import type { BackupRow } from "./backups.ts";
import { isBetterKey } from "./better-key.ts";
import type { KeyBackupData } from "./better-key.ts";

/** Which keys of a backup: all, those of a room, or one. */
export interface KeySelection {
  readonly roomId?: string;
  readonly sessionId?: string;
}

export interface BackedUpKey {
  readonly roomId: string;
  readonly sessionId: string;
  readonly data: KeyBackupData;
}

export async function readKeys(db: Database, backup: BackupRow, selection: KeySelection = {}): Promise<BackedUpKey[]> {
  const rows = await db
    .selectFrom("hs_backed_up_keys")
    .select(["room_id", "session_id", "json"])
    .where(equal(selected(backup, selection)))
    .execute();
  return rows.map(toKey);
}

/** Stores what is new or better than what there is; false where nothing was. */
export async function storeKeys(db: Database, backup: BackupRow, keys: readonly BackedUpKey[]): Promise<boolean> {
  const stored = new Map((await storedAlready(db, backup, keys)).map((key) => [nameOf(key), key]));
  const better = keys.filter((key) => {
    const earlier = stored.get(nameOf(key));
    return earlier === undefined || isBetterKey(key.data, earlier.data);
  });
  for (const { roomId, sessionId, data } of better) {
    const json = JSON.stringify(data);
    await db
      .insertInto("hs_backed_up_keys")
      .values({ user_id: backup.user_id, version: backup.version, room_id: roomId, session_id: sessionId, json })
      .onConflict((conflict) => conflict.columns(["user_id", "version", "room_id", "session_id"]).doUpdateSet({ json }))
      .execute();
  }
  return better.length > 0;
}

/** False where there were none. */
export async function deleteKeys(db: Database, backup: BackupRow, selection: KeySelection): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom("hs_backed_up_keys")
    .where(equal(selected(backup, selection)))
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

function selected({ user_id, version }: BackupRow, { roomId, sessionId }: KeySelection) {
  return {
    user_id,
    version,
    ...(roomId !== undefined && { room_id: roomId }),
    ...(sessionId !== undefined && { session_id: sessionId }),
  };
}

async function storedAlready(
  db: Database,
  { user_id, version }: BackupRow,
  keys: readonly BackedUpKey[],
): Promise<BackedUpKey[]> {
  const byRoom = Map.groupBy(keys, ({ roomId }) => roomId);
  const found: BackedUpKey[] = [];
  for (const [roomId, ofRoom] of byRoom) {
    const rows = await inBatches(
      ofRoom.map(({ sessionId }) => sessionId),
      (batch) =>
        db
          .selectFrom("hs_backed_up_keys")
          .select(["room_id", "session_id", "json"])
          .where(equal({ user_id, version, room_id: roomId }))
          .where("session_id", "in", batch)
          .execute(),
    );
    found.push(...rows.map(toKey));
  }
  return found;
}

/** A room ID has no NUL. */
const nameOf = ({ roomId, sessionId }: BackedUpKey) => `${roomId}\0${sessionId}`;

function toKey(row: { readonly room_id: string; readonly session_id: string; readonly json: string }): BackedUpKey {
  return { roomId: row.room_id, sessionId: row.session_id, data: JSON.parse(row.json) as KeyBackupData }; // by storeKeys
}
