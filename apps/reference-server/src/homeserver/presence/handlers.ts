import { error, ok } from "@matrix-openapi/server";
import type { Home, SomeHandlers } from "../home.ts";
import { shareRoom } from "../rooms/memberships.ts";
import { notYours } from "../user-data/account-data-handlers.ts";
import { findPresence, setPresence } from "./presence.ts";
import { presenceAt } from "./presence-state.ts";

/** Seen by those who share a room. https://spec.matrix.org/v1.19/client-server-api/#presence */
export function presenceHandlers(home: Home) {
  const { db, clock } = home;
  return {
    async getPresence({ user, params }) {
      const { userId } = params.path;
      if (userId !== user.id && !(await shareRoom(db, user.id, userId))) return notShared;
      const row = await findPresence(db, userId);
      return row === undefined ? notKnown : ok(presenceAt(row, clock.now()));
    },

    async setPresence({ user, params, body }) {
      if (params.path.userId !== user.id) return notYours;
      const { presence, status_msg: statusMessage = null } = body;
      await setPresence(home, user.id, { presence, statusMessage });
      return ok({});
    },
  } satisfies SomeHandlers;
}

const notShared = error(403, "M_FORBIDDEN", "You share no room with this user: only then may you see their presence.");

const notKnown = error(404, "M_NOT_FOUND", "Nothing is known of this user's presence: they have not been here yet.");
