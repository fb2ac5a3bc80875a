import type { UiaSession, UiaSessionStore } from "@matrix-openapi/server";
import { seal, unseal } from "../../crypto/seal.ts";
import { hashToken } from "../../crypto/tokens.ts";
import type { Platform } from "../../platform.ts";
import { withTransaction } from "../../storage/database.ts";
import { equal } from "../../storage/equal.ts";
import { releaseReservations } from "./registration-tokens.ts";

/**
 * Keeps the sessions of user-interactive auth in the database: several processes may serve one authentication, and a
 * killed one leaves either the whole effect of an operation and its result, or neither. The row gives nothing away: the
 * ID, which is all that it takes to go on, is stored as a hash, and what the session knows is sealed with it.
 * https://spec.matrix.org/v1.19/client-server-api/#user-interactive-authentication-api
 */
export function createUiaStore({ db, random }: Pick<Platform, "db" | "random">): UiaSessionStore {
  const toRow = (session: UiaSession) => ({
    revision: session.revision,
    state: session.state,
    record: seal(JSON.stringify(session), session.id, random),
    created_at: session.createdAt,
    used_at: session.usedAt,
  });
  return {
    async create(session) {
      await db
        .insertInto("hs_uia_sessions")
        .values({ session_id_hash: hashToken(session.id), ...toRow(session) })
        .execute();
    },

    async get(id) {
      const row = await db
        .selectFrom("hs_uia_sessions")
        .select("record")
        .where("session_id_hash", "=", hashToken(id))
        .executeTakeFirst();
      return row && (JSON.parse(unseal(row.record, id)) as UiaSession); // only `toRow` writes it
    },

    // Inside of `transaction` this joins it by itself, see withTransaction: there is no handle to pass on.
    async update(session) {
      const { numUpdatedRows } = await db
        .updateTable("hs_uia_sessions")
        .set(toRow(session))
        .where(equal({ session_id_hash: hashToken(session.id), revision: session.revision - 1 }))
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    transaction: (work) => withTransaction(db, () => work(undefined)),

    prune: ({ usedBefore, createdBefore, doneBefore }) =>
      withTransaction(db, async () => {
        await db
          .deleteFrom("hs_uia_sessions")
          .where(({ or, and, eb }) =>
            or([
              eb("used_at", "<", usedBefore),
              eb("created_at", "<", createdBefore),
              and([eb("state", "=", "done"), eb("used_at", "<", doneBefore)]),
            ]),
          )
          .execute();
        await releaseReservations(db);
      }),
  };
}
