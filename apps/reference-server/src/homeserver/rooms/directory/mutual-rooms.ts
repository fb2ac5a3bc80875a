import { error, ok } from "@matrix-openapi/server";
import type { Home, SomeHandlers } from "../../home.ts";
import { isUserId } from "../../../identifiers.ts";

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
      const rows = await db
        .selectFrom("hs_memberships as own")
        .innerJoin("hs_memberships as other", "other.room_id", "own.room_id")
        .select("own.room_id")
        .where("own.user_id", "=", user.id)
        .where("own.membership", "=", "join")
        .where("other.user_id", "=", other)
        .where("other.membership", "=", "join")
        .execute();
      // sorted here, because databases sort text each in its own way
      const all = rows.map((row) => row.room_id).toSorted();
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
