import { createHash } from "node:crypto";
import { error, MatrixError, ok } from "@matrix-openapi/server";
import type { Database } from "../../storage/database.ts";
import type { Home, SomeHandlers } from "../home.ts";
import { readFilter } from "../timeline/event-filter.ts";
import type { Filter } from "../timeline/event-filter.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#filtering */
export function filterHandlers({ db }: Home) {
  const others = error(403, "M_FORBIDDEN", "Filters are their owner's: name yourself in the path.");
  return {
    async defineFilter({ user, params, body }) {
      if (params.path.userId !== user.id) return others;
      const json = JSON.stringify(body);
      const filterId = createHash("sha256").update(json).digest("base64url").slice(0, 22);
      await db
        .insertInto("hs_filters")
        .values({ user_id: user.id, filter_id: filterId, json })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return ok({ filter_id: filterId });
    },

    async getFilter({ user, params }) {
      if (params.path.userId !== user.id) return others;
      const filter = await findFilter(db, user.id, params.path.filterId);
      return filter === undefined
        ? error(404, "M_NOT_FOUND", `You have no filter ${params.path.filterId}: store it first.`)
        : ok(filter);
    },
  } satisfies SomeHandlers;
}

/** What a request names as its filter: the filter itself as JSON, or the ID of one that the user has stored. */
export async function filterOf(db: Database, userId: string, given: string | undefined): Promise<Filter> {
  if (given === undefined) return {};
  if (given.startsWith("{")) return readFilter(given);
  const stored = await findFilter(db, userId, given);
  if (stored !== undefined) return stored;
  throw new MatrixError(400, "M_INVALID_PARAM", `You have no filter ${given}: store it first, or send it as JSON.`);
}

async function findFilter(db: Database, userId: string, filterId: string): Promise<Filter | undefined> {
  if (!/^[\w-]+$/.test(filterId)) return undefined;
  const row = await db
    .selectFrom("hs_filters")
    .select("json")
    .where("user_id", "=", userId)
    .where("filter_id", "=", filterId)
    .executeTakeFirst();
  return row && (JSON.parse(row.json) as Filter); // stored by defineFilter
}
