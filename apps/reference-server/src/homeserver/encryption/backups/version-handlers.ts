import { error, ok } from "@matrix-openapi/server";
import type { components } from "@matrix-openapi/definitions/client-server";
import { withTransaction } from "../../../storage/database.ts";
import type { Database } from "../../../storage/database.ts";
import { equal } from "../../../storage/equal.ts";
import type { Home, SomeHandlers } from "../../home.ts";
import { countKeys, currentBackup, findAnyBackup, findBackup, notFound } from "./backups.ts";
import type { BackupRow } from "./backups.ts";

/** The user's backups, without the keys in them: https://spec.matrix.org/v1.19/client-server-api/#server-side-key-backups */
export function backupVersionHandlers({ db }: Home) {
  return {
    async postRoomKeysVersion({ user, body }) {
      const version = await withTransaction(db, () => createBackup(db, user.id, body));
      return ok({ version: String(version) });
    },

    getRoomKeysVersionCurrent: async ({ user }) => ok(await describe(db, await currentBackup(db, user.id))),

    getRoomKeysVersion: async ({ user, params }) =>
      ok(await describe(db, await findBackup(db, user.id, params.path.version))),

    async putRoomKeysVersion({ user, params, body }) {
      const { version } = params.path;
      return withTransaction(db, async () => {
        const backup = await findBackup(db, user.id, version);
        if (body.version !== undefined && body.version !== version) {
          return error(400, "M_INVALID_PARAM", `version is ${body.version}; expected ${version} as in the path.`);
        }
        if (body.algorithm !== backup.algorithm) {
          return error(400, "M_INVALID_PARAM", `algorithm is ${body.algorithm}; the backup's is ${backup.algorithm}.`);
        }
        await db
          .updateTable("hs_key_backups")
          .set({ auth_data: JSON.stringify(body.auth_data) })
          .where(equal({ user_id: user.id, version: backup.version }))
          .execute();
        return ok({});
      });
    },

    async deleteRoomKeysVersion({ user, params }) {
      return withTransaction(db, async () => {
        const backup = await findAnyBackup(db, user.id, params.path.version);
        if (backup === undefined) throw notFound(`You have never had a key backup ${params.path.version}.`);
        await emptyAndDelete(db, backup);
        return ok({});
      });
    },
  } satisfies SomeHandlers;
}

async function createBackup(
  db: Database,
  userId: string,
  { algorithm, auth_data }: components["schemas"]["CreateKeyBackupRequest"],
): Promise<number> {
  const { last } = await db
    .selectFrom("hs_key_backups")
    .select((get) => get.fn.max("version").as("last"))
    .where("user_id", "=", userId)
    .executeTakeFirstOrThrow();
  const version = (last ?? 0) + 1;
  const row = {
    user_id: userId,
    version,
    algorithm,
    auth_data: JSON.stringify(auth_data),
    etag: 0,
    deleted: 0 as const,
  };
  await db.insertInto("hs_key_backups").values(row).execute();
  return version;
}

async function emptyAndDelete(db: Database, { user_id, version }: BackupRow): Promise<void> {
  await db.deleteFrom("hs_backed_up_keys").where(equal({ user_id, version })).execute();
  await db
    .updateTable("hs_key_backups")
    .set({ deleted: 1, auth_data: "{}" })
    .where(equal({ user_id, version }))
    .execute();
}

async function describe(db: Database, backup: BackupRow) {
  return {
    algorithm: backup.algorithm as components["schemas"]["KeyBackup"]["algorithm"], // by createBackup
    auth_data: JSON.parse(backup.auth_data) as components["schemas"]["KeyBackup"]["auth_data"],
    count: await countKeys(db, backup),
    etag: String(backup.etag),
    version: String(backup.version),
  };
}
