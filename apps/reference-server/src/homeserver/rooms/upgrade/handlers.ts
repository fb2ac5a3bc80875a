import { ok } from "@matrix-openapi/server";
import type { Handlers, Home } from "../../home.ts";
import { requestedRoomVersion } from "../format/room-version.ts";
import { upgradeRoom } from "./upgrade-room.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#room-upgrades */
export function roomUpgradeHandlers(home: Home): Handlers<"upgradeRoom"> {
  return {
    async upgradeRoom({ user, params, body }) {
      const version = requestedRoomVersion(body.new_version);
      const additionalCreators = body.additional_creators ?? [];
      const { roomId } = params.path;
      return ok({
        replacement_room: await upgradeRoom(home, { roomId, userId: user.id, version, additionalCreators }),
      });
    },
  };
}
