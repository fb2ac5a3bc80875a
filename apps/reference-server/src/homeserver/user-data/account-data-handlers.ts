import { error, ok } from "@matrix-openapi/server";
import { asJson } from "../../json.ts";
import type { Home, SomeHandlers } from "../home.ts";
import { findAccountData, storeAccountData } from "./account-data.ts";
import type { AccountDataKey } from "./account-data.ts";

/** What clients store for each other: https://spec.matrix.org/v1.19/client-server-api/#client-config */
export function accountDataHandlers({ db }: Home) {
  const get = async (asker: string, key: AccountDataKey) => {
    if (key.userId !== asker) return notYours;
    const content = await findAccountData(db, key);
    return content === undefined
      ? error(404, "M_NOT_FOUND", `Nothing is stored under ${key.type}: set it first.`)
      : ok(content);
  };
  const set = async (asker: string, key: AccountDataKey, content: object) => {
    if (key.userId !== asker) return notYours;
    const elsewhere = keptByServer.get(key.type);
    if (elsewhere !== undefined) return error(405, "M_BAD_JSON", `The server keeps ${key.type}: use ${elsewhere}.`);
    await storeAccountData(db, key, asJson(content));
    return ok({});
  };
  return {
    getAccountData: ({ user, params }) => get(user.id, params.path),
    setAccountData: ({ user, params, body }) => set(user.id, params.path, body),
    getAccountDataPerRoom: ({ user, params }) => get(user.id, params.path),
    setAccountDataPerRoom: ({ user, params, body }) => set(user.id, params.path, body),
  } satisfies SomeHandlers;
}

export const notYours = error(403, "M_FORBIDDEN", "This is another user's: name your own user ID in the path.");

/** Of no room as well as of rooms: https://spec.matrix.org/v1.19/client-server-api/#server-behaviour-11 */
const keptByServer = new Map([
  ["m.push_rules", "/pushrules"],
  ["m.fully_read", "/rooms/{roomId}/read_markers"],
]);
