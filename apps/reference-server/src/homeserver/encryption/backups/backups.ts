import { MatrixError } from "@matrix-openapi/server";
import type { Selectable } from "kysely";
import type { Database } from "../../../storage/database.ts";
import { equal } from "../../../storage/equal.ts";
import type { KeyBackupTable } from "../../../storage/migrations/0015-encryption.ts";

export type BackupRow = Selectable<KeyBackupTable>;

/** The one that was created last, and the only one that keys are stored in; throws what is answered where there is none. */
export async function currentBackup(db: Database, userId: string): Promise<BackupRow> {
  const row = await selectBackups(db, userId)
    .where("deleted", "=", 0)
    .orderBy("version", "desc")
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) throw notFound("You have no key backup: create one with POST /room_keys/version.");
  return row;
}

/** Throws what is answered where the user has no such backup. */
export async function findBackup(db: Database, userId: string, version: string): Promise<BackupRow> {
  const row = await findAnyBackup(db, userId, version);
  if (row === undefined || row.deleted === 1) throw notFound(`You have no key backup with the version ${version}.`);
  return row;
}

/** Of those that were deleted, too. */
export async function findAnyBackup(db: Database, userId: string, version: string): Promise<BackupRow | undefined> {
  if (!/^[1-9]\d{0,14}$/.test(version)) return undefined;
  return selectBackups(db, userId).where("version", "=", Number(version)).executeTakeFirst();
}

/** For writing: throws what is answered where another backup has become the current one. */
export async function findWritableBackup(db: Database, userId: string, version: string): Promise<BackupRow> {
  const backup = await findBackup(db, userId, version);
  const current = await currentBackup(db, userId);
  if (backup.version === current.version) return backup;
  throw new MatrixError(
    403,
    "M_WRONG_ROOM_KEYS_VERSION",
    `Keys can be stored in the current backup only: version ${current.version}, not ${version}.`,
    { current_version: String(current.version) },
  );
}

/** How many keys there are in the backup. */
export async function countKeys(db: Database, { user_id, version }: BackupRow): Promise<number> {
  const { total } = await db
    .selectFrom("hs_backed_up_keys")
    .select((get) => get.fn.countAll<number | string>().as("total"))
    .where(equal({ user_id, version }))
    .executeTakeFirstOrThrow();
  return Number(total);
}

/** After a change, if there was one: how full the backup is, and another etag, so that other clients notice. */
export async function afterChange(
  db: Database,
  backup: BackupRow,
  isChanged: boolean,
): Promise<{ count: number; etag: string }> {
  const etag = isChanged ? backup.etag + 1 : backup.etag;
  if (isChanged) {
    await db
      .updateTable("hs_key_backups")
      .set({ etag })
      .where(equal({ user_id: backup.user_id, version: backup.version }))
      .execute();
  }
  return { count: await countKeys(db, backup), etag: String(etag) };
}

export function notFound(message: string): MatrixError {
  return new MatrixError(404, "M_NOT_FOUND", message);
}

function selectBackups(db: Database, userId: string) {
  return db.selectFrom("hs_key_backups").selectAll().where("user_id", "=", userId);
}
