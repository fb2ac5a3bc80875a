import { ok } from "@matrix-openapi/server";
import { asJson, asObject } from "../../json.ts";
import type { JsonObject } from "../../json.ts";
import { withTransaction } from "../../storage/database.ts";
import type { Home, SomeHandlers } from "../home.ts";
import { findAccountData, storeAccountData } from "./account-data.ts";
import { notYours } from "./account-data-handlers.ts";

/** Tags are account data of a room: https://spec.matrix.org/v1.19/client-server-api/#room-tagging */
export function tagHandlers({ db }: Home) {
  const tagsOf = async (userId: string, roomId: string): Promise<JsonObject> => {
    const content = await findAccountData(db, { userId, roomId, type: "m.tag" });
    return asObject(content?.["tags"]);
  };
  const change = (userId: string, roomId: string, next: (tags: JsonObject) => JsonObject) =>
    withTransaction(db, async () => {
      const tags = next(await tagsOf(userId, roomId));
      await storeAccountData(db, { userId, roomId, type: "m.tag" }, { tags });
    });
  return {
    async getRoomTags({ user, params }) {
      const { userId, roomId } = params.path;
      if (userId !== user.id) return notYours;
      return ok({ tags: plainTags(await tagsOf(userId, roomId)) });
    },

    async setRoomTag({ user, params, body }) {
      const { userId, roomId, tag } = params.path;
      if (userId !== user.id) return notYours;
      await change(userId, roomId, (tags) => ({ ...tags, [tag]: asJson(body) }));
      return ok({});
    },

    async deleteRoomTag({ user, params }) {
      const { userId, roomId, tag } = params.path;
      if (userId !== user.id) return notYours;
      await change(userId, roomId, ({ [tag]: _removed, ...others }) => others);
      return ok({});
    },
  } satisfies SomeHandlers;
}

/** A client may have stored anything as `m.tag`. */
function plainTags(tags: JsonObject): Record<string, { order?: number }> {
  return Object.fromEntries(
    Object.entries(tags)
      .filter(([name]) => name.length <= 255)
      .map(([name, tag]) => {
        const { order } = asObject(tag);
        return [name, typeof order === "number" && order >= 0 && order <= 1 ? { order } : {}];
      }),
  );
}
