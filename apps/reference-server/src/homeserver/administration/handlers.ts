import { error, ok } from "@matrix-openapi/server";
import { withTransaction } from "../../storage/database.ts";
import type { Home, SomeHandlers } from "../home.ts";
import { connectionsOf } from "./connections.ts";
import { isAdministrator, moderatedUser } from "./moderated-user.ts";
import { moderate, moderationOf } from "./moderation.ts";
import { reportHandlers } from "./report-handlers.ts";
import { supportOf } from "./support.ts";

/** What those who run the server can do, and how they are reached: https://spec.matrix.org/v1.19/client-server-api/#server-administration */
export function administrationHandlers(home: Home) {
  const { db } = home;
  return {
    ...reportHandlers(home),

    async getWhoIs({ user, params }) {
      const { userId } = params.path;
      if (user.id !== userId && !isAdministrator(home, user.id)) {
        return error(403, "M_FORBIDDEN", "Only the user themselves and administrators may see this.");
      }
      return ok({ user_id: userId, devices: await connectionsOf(db, userId) });
    },

    async getAdminLockUser({ user, params }) {
      const { locked } = await moderationOf(db, await moderatedUser(home, user, params.path.userId));
      return ok({ locked });
    },

    async setAdminLockUser({ user, params, body: { locked } }) {
      const userId = await moderatedUser(home, user, params.path.userId, { isChange: true });
      await withTransaction(db, () => moderate(home, userId, { locked }));
      return ok({ locked });
    },

    async getAdminSuspendUser({ user, params }) {
      const { suspended } = await moderationOf(db, await moderatedUser(home, user, params.path.userId));
      return ok({ suspended });
    },

    async setAdminSuspendUser({ user, params, body: { suspended } }) {
      const userId = await moderatedUser(home, user, params.path.userId, { isChange: true });
      await withTransaction(db, () => moderate(home, userId, { suspended }));
      return ok({ suspended });
    },

    getWellknownSupport: () => {
      const support = supportOf(home.config.support);
      return support === undefined
        ? error(404, "M_NOT_FOUND", "Nobody is named for the support of this server.")
        : ok(support);
    },

    getWellknownPolicy: () => {
      const ed25519 = home.config.wellKnown.policyServerKey;
      return ed25519 === null
        ? error(404, "M_NOT_FOUND", "There is no policy server of this name.")
        : ok({ public_keys: { ed25519 } });
    },
  } satisfies SomeHandlers;
}
