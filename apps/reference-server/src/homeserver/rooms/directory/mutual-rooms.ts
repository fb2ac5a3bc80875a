import { error, ok } from "@matrix-openapi/server";
import type { Home, SomeHandlers } from "../../home.ts";
import { isUserId } from "../../../identifiers.ts";
import { joinedTogether } from "../memberships.ts";

const pageSize = 100;

/** https://spec.matrix.org/v1.19/client-server-api/#mutual-rooms */
export function mutualRoomHandlers({ db }: Home) {
  return {
    async getMutualRooms({ user, params }) {
      const { user_id: other, from } = params.query;
      if (other === user.id || !isUserId(other)) {
        return error(400, "M_INVALID_PARAM", `${other} is not the ID of another user.`);
      }
      const after = from === undefined ? "" : Buffer.from(from, "base64url").toString();
      if (from !== undefined && !after.startsWith("!")) {
        return error(400, "M_INVALID_PARAM", `${from} is no token of this list: give its next_batch.`);
      }
      const rows = await joinedTogether(db, user.id)
        .select("own.room_id")
        .where("other.user_id", "=", other)
        .orderBy("own.room_id")
        .execute();
      const all = rows.map((row) => row.room_id);
      const left = all.filter((roomId) => roomId > after);
      const joined = left.slice(0, pageSize);
      const last = left.length > pageSize ? joined.at(-1) : undefined;
      return ok({
        joined,
        count: all.length,
        ...(last !== undefined && { next_batch: Buffer.from(last).toString("base64url") }),
      });
    },
  } satisfies SomeHandlers;
}
