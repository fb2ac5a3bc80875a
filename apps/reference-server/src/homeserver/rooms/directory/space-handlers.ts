import { error, MatrixError, ok } from "@matrix-openapi/server";
import type { Home, SomeHandlers } from "../../home.ts";
import { walkSpace } from "./space-hierarchy.ts";
import type { SpaceRoom, Walk } from "./space-hierarchy.ts";

const mostRooms = 100;
const deepest = 20;

/** https://spec.matrix.org/v1.19/client-server-api/#discovering-rooms-within-spaces */
export function spaceHandlers({ db }: Home) {
  return {
    async getSpaceHierarchy({ user, params }) {
      const { limit = mostRooms, max_depth = deepest, suggested_only: suggestedOnly = false, from } = params.query;
      const maxDepth = Math.min(max_depth, deepest);
      const size = Math.min(limit, mostRooms);
      const walk = { userId: user.id, suggestedOnly, maxDepth };
      const skipped = from === undefined ? 0 : skippedBy(from, walk);
      const end = skipped + size;
      const rooms: SpaceRoom[] = [];
      for await (const room of walkSpace(db, params.path.roomId, walk)) {
        if (rooms.push(room) > end) break; // one more tells whether there is a next page
      }
      if (rooms.length === 0) return error(403, "M_FORBIDDEN", "There is no such space, or none that you may know of.");
      return ok({
        rooms: rooms.slice(skipped, end),
        ...(rooms.length > end && { next_batch: toToken(end, walk) }),
      });
    },
  } satisfies SomeHandlers;
}

function toToken(skipped: number, { maxDepth, suggestedOnly }: Walk): string {
  return `${skipped}-${maxDepth}-${suggestedOnly ? "suggested" : "all"}`;
}

/** A page goes on with the walk that the one before was of. */
function skippedBy(token: string, walk: Walk): number {
  const skipped = Number(/^([0-9]{1,9})-/.exec(token)?.[1]);
  if (token === toToken(skipped, walk)) return skipped;
  const message = `${token} is no token of this walk: give its next_batch, with the max_depth and suggested_only of before.`;
  throw new MatrixError(400, "M_INVALID_PARAM", message);
}
