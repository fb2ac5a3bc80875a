import { error, ok } from "@matrix-openapi/server";
import type { Home, SomeHandlers } from "../../home.ts";
import { askForAlias } from "../../application-services/ask-services.ts";
import { isAliasOfOthers, serviceById } from "../../application-services/services.ts";
import { isWorldReadable } from "../access.ts";
import { mustBeJoined } from "../memberships.ts";
import { mustFindRoom } from "../rooms.ts";
import { serverNameOf } from "../../../identifiers.ts";
import { aliasesOf, checkAlias, claimAlias, findAlias } from "./aliases.ts";
import { mayRemoveAlias, removeAlias } from "./remove-alias.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#room-aliases */
export function aliasHandlers(home: Home) {
  const { db, config } = home;
  return {
    async getRoomIdByAlias({ params }) {
      const { roomAlias } = params.path;
      checkAlias(roomAlias);
      await askForAlias(home, roomAlias);
      const found = await findAlias(db, roomAlias);
      return found === undefined
        ? unknownAlias(roomAlias)
        : ok({ room_id: found.roomId, servers: [config.serverName] });
    },

    async setRoomAlias({ user, params, body }) {
      const { roomAlias: alias } = params.path;
      const { room_id: roomId } = body;
      checkAlias(alias);
      if (serverNameOf(alias) !== config.serverName) {
        return error(403, "M_FORBIDDEN", `Aliases are given here for ${config.serverName} only, and ${alias} is none.`);
      }
      if (isAliasOfOthers(home, alias, user)) {
        return error(403, "M_EXCLUSIVE", `The alias ${alias} is for others to create: choose another.`);
      }
      await mustFindRoom(db, roomId);
      await mustBeJoined(db, roomId, user.id);
      return (await claimAlias(home, { alias, roomId, creator: user.id }))
        ? ok({})
        : error(409, "M_UNKNOWN", `The alias ${alias} leads to a room already: remove it first, or choose another.`);
    },

    async deleteRoomAlias({ user, params }) {
      const { roomAlias } = params.path;
      checkAlias(roomAlias);
      const found = await findAlias(db, roomAlias);
      if (found === undefined) return unknownAlias(roomAlias);
      const isOfService = serviceById(home, user.applicationService)?.aliases.has(roomAlias) === true;
      if (!isOfService && !(await mayRemoveAlias(db, found, user.id))) {
        return error(403, "M_FORBIDDEN", "Only who has made the alias, or may set the room's aliases, removes it.");
      }
      await removeAlias(home, found, user.id);
      return ok({});
    },

    async getLocalAliases({ user, params }) {
      const { roomId } = params.path;
      if (!(await isWorldReadable(db, roomId))) await mustBeJoined(db, roomId, user.id);
      return ok({ aliases: await aliasesOf(db, roomId) });
    },
  } satisfies SomeHandlers;
}

function unknownAlias(alias: string) {
  return error(404, "M_NOT_FOUND", `The alias ${alias} leads to no room.`);
}
