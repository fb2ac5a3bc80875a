import { ok } from "@matrix-openapi/server";
import { sql } from "kysely";
import type { Database } from "../../storage/database.ts";
import type { Home, SomeHandlers } from "../home.ts";
import { profilesOf, shownIn } from "./profile.ts";

/**
 * Whom the user could come across in rooms, and nobody else. Letter case is that of Unicode, whatever the language.
 * https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3user_directorysearch
 */
export function userDirectoryHandlers({ db }: Home) {
  return {
    async searchUserDirectory({ user, body }) {
      const limit = Math.min(body.limit ?? 10, mostResults);
      const found = await findUsers(db, user.id, body.search_term.trim(), limit + 1);
      const profiles = await profilesOf(db, found);
      const results = found.slice(0, limit).map((userId) => {
        const { displayname, avatar_url } = shownIn(profiles.get(userId) ?? {});
        return {
          user_id: userId,
          ...(displayname !== undefined && { display_name: displayname }),
          ...(avatar_url !== undefined && { avatar_url }),
        };
      });
      return ok({ results, limited: found.length > limit });
    },
  } satisfies SomeHandlers;
}

const mostResults = 100;

/** Those whose name begins with the term come first. */
async function findUsers(db: Database, searcher: string, term: string, limit: number): Promise<string[]> {
  const folded = term.toLowerCase();
  if (folded === "") return [];
  const escaped = folded.replace(/[\\%_]/g, "\\$&");
  const rows = await db
    .selectFrom("hs_users as user")
    .leftJoin("hs_profile_fields as name", (join) =>
      join.onRef("name.user_id", "=", "user.user_id").on("name.name", "=", "displayname"),
    )
    .select("user.user_id")
    .where("user.deactivated_at", "is", null)
    .where((is) => is.or([like("user.user_id", `%${escaped}%`), like("name.folded", `%${escaped}%`)]))
    .where("user.user_id", "in", (visible) =>
      visible
        .selectFrom("hs_memberships as other")
        .select("other.user_id")
        .where("other.membership", "=", "join")
        .where((is) =>
          is.or([
            is("other.room_id", "in", (own) =>
              own
                .selectFrom("hs_memberships")
                .select("room_id")
                .where("user_id", "=", searcher)
                .where("membership", "=", "join"),
            ),
            is("other.room_id", "in", openRooms),
          ]),
        ),
    )
    .orderBy((by) =>
      by
        .case()
        .when(by.or([like("user.localpart", `${escaped}%`), like("name.folded", `${escaped}%`)]))
        .then(0)
        .else(1)
        .end(),
    )
    .orderBy("user.user_id")
    .limit(limit)
    .execute();
  return rows.map(({ user_id }) => user_id);
}

function like(column: string, pattern: string) {
  return sql<boolean>`${sql.ref(column)} like ${pattern} escape '\\'`;
}

/** Open to all by their rules, or by their history. The text is canonical JSON of ours, so it can be looked into as such. */
const openRooms = sql<string>`(
  select room_id from hs_events where replaced_at is null and state_key = '' and (
    (type = 'm.room.join_rules' and json like '%"join_rule":"public"%')
    or (type = 'm.room.history_visibility' and json like '%"history_visibility":"world_readable"%')))`;
