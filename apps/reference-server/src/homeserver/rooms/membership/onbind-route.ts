import { error, MatrixError, ok } from "@matrix-openapi/server";
import { isObject } from "../../../json.ts";
import type { JsonObject } from "../../../json.ts";
import type { ExtraRoute } from "../../extra-routes.ts";
import type { Home } from "../../home.ts";
import { readText } from "../../request-text.ts";
import { serverNameOf } from "../../../identifiers.ts";
import { acceptSignedInvitation } from "./join-room.ts";

const path = "/_matrix/federation/v1/3pid/onbind";

/**
 * Where an identity server tells that an address with invitations belongs to a user now: each becomes an invitation of
 * that user. Who tells it matters not, because each is signed with a key that the room knows.
 * https://spec.matrix.org/v1.19/server-server-api/#put_matrixfederationv13pidonbind
 */
export function onbindRoute(home: Home): ExtraRoute {
  return {
    path,
    methods: ["POST", "PUT"],
    async answer(incoming) {
      const body = parse(await readText(incoming, 65_536));
      const { mxid, invites } = body ?? {};
      if (typeof mxid !== "string" || !Array.isArray(invites)) {
        return error(400, "M_BAD_JSON", "The body must be JSON with an mxid and its invites.");
      }
      if (serverNameOf(mxid) !== home.config.serverName) {
        return error(403, "M_FORBIDDEN", `${mxid} is no user of ${home.config.serverName}.`);
      }
      for (const invite of invites) if (isObject(invite)) await accept(home, mxid, invite);
      return ok({});
    },
  };
}

/** One that does not hold, as its room has lifted it since, keeps none of the others. */
async function accept(home: Home, userId: string, { room_id: roomId, signed }: JsonObject): Promise<void> {
  if (typeof roomId !== "string" || !isObject(signed)) return;
  try {
    await acceptSignedInvitation(home, roomId, userId, signed);
  } catch (reason) {
    if (!(reason instanceof MatrixError)) throw reason;
    home.log.info("an invitation of an address does not hold", { roomId, userId, reason: reason.message });
  }
}

function parse(text: string | null): JsonObject | null {
  try {
    const body: unknown = JSON.parse(text ?? "");
    return isObject(body) ? body : null;
  } catch {
    return null;
  }
}
