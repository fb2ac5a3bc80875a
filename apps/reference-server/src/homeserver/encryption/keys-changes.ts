import { ok } from "@matrix-openapi/server";
import { streamPosition } from "../../storage/stream.ts";
import type { Handler, Home } from "../home.ts";
import { readToken } from "../timeline/tokens.ts";
import { deviceListChanges } from "./device-list-changes.ts";

/** What `/sync` has told between two of its tokens: https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3keyschanges */
export function getKeysChanges({ db }: Home): Handler<"getKeysChanges"> {
  return async ({ user, params }) => {
    const after = readToken(params.query.from);
    const upTo = Math.min(readToken(params.query.to), await streamPosition(db));
    return ok(await deviceListChanges(db, user.id, { after, upTo }));
  };
}
