import { ok } from "@matrix-openapi/server";
import type { components } from "@matrix-openapi/definitions/client-server";
import { withTransaction } from "../../../storage/database.ts";
import type { Home, SomeHandlers } from "../../home.ts";
import { deleteKeys, readKeys, storeKeys } from "./backed-up-keys.ts";
import type { BackedUpKey, KeySelection } from "./backed-up-keys.ts";
import { afterChange, findBackup, findWritableBackup, notFound } from "./backups.ts";

type RoomKeyBackup = components["schemas"]["RoomKeyBackup"];

/** The keys in the user's backups: all, by room, and each by itself. https://spec.matrix.org/v1.19/client-server-api/#server-side-key-backups */
export function backupKeyHandlers({ db }: Home) {
  const read = async (userId: string, version: string, selection?: KeySelection) =>
    readKeys(db, await findBackup(db, userId, version), selection);

  const store = (userId: string, version: string, keys: readonly BackedUpKey[]) =>
    withTransaction(db, async () => {
      const backup = await findWritableBackup(db, userId, version);
      return ok(await afterChange(db, backup, await storeKeys(db, backup, keys)));
    });

  const remove = (userId: string, version: string, selection: KeySelection) =>
    withTransaction(db, async () => {
      const backup = await findBackup(db, userId, version);
      return ok(await afterChange(db, backup, await deleteKeys(db, backup, selection)));
    });

  return {
    async getRoomKeys({ user, params }) {
      const byRoom = Map.groupBy(await read(user.id, params.query.version), ({ roomId }) => roomId);
      return ok({ rooms: Object.fromEntries([...byRoom].map(([roomId, keys]) => [roomId, toRoomKeyBackup(keys)])) });
    },

    async getRoomKeysByRoomId({ user, params }) {
      return ok(toRoomKeyBackup(await read(user.id, params.query.version, params.path)));
    },

    async getRoomKeyBySessionId({ user, params }) {
      const [key] = await read(user.id, params.query.version, params.path);
      if (key === undefined) throw notFound(`The backup has no key of the session ${params.path.sessionId}.`);
      return ok(key.data);
    },

    putRoomKeys: ({ user, params, body }) =>
      store(
        user.id,
        params.query.version,
        Object.entries(body.rooms).flatMap(([roomId, keys]) => keysOf(roomId, keys)),
      ),

    putRoomKeysByRoomId: ({ user, params, body }) =>
      store(user.id, params.query.version, keysOf(params.path.roomId, body)),

    putRoomKeyBySessionId: ({ user, params, body }) =>
      store(user.id, params.query.version, [{ ...params.path, data: body }]),

    deleteRoomKeys: ({ user, params }) => remove(user.id, params.query.version, {}),

    deleteRoomKeysByRoomId: ({ user, params }) => remove(user.id, params.query.version, params.path),

    deleteRoomKeyBySessionId: ({ user, params }) => remove(user.id, params.query.version, params.path),
  } satisfies SomeHandlers;
}

function keysOf(roomId: string, { sessions }: RoomKeyBackup): BackedUpKey[] {
  return Object.entries(sessions).map(([sessionId, data]) => ({ roomId, sessionId, data }));
}

function toRoomKeyBackup(keys: readonly BackedUpKey[]): RoomKeyBackup {
  return { sessions: Object.fromEntries(keys.map(({ sessionId, data }) => [sessionId, data])) };
}
