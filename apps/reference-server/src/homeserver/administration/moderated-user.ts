import { MatrixError } from "@matrix-openapi/server";
import { serverNameOf } from "../../identifiers.ts";
import { findAccount } from "../accounts/accounts.ts";
import type { Home, SessionOwner } from "../home.ts";

type Caller = Pick<SessionOwner, "id">;

/** Whether the configuration names a user among those who run the server. */
export function isAdministrator({ config }: Pick<Home, "config">, userId: string): boolean {
  return config.administrators.includes(userId);
}

/**
 * The account that an administrator asks about or changes; throws what is answered otherwise. Who is no administrator
 * is told before anything is looked up, so that they learn of no account.
 * https://spec.matrix.org/v1.19/client-server-api/#account-moderation
 */
export async function moderatedUser(home: Home, caller: Caller, userId: string, { isChange = false } = {}) {
  if (!isAdministrator(home, caller.id)) {
    throw new MatrixError(403, "M_FORBIDDEN", "Only administrators of this server may do this.");
  }
  if (serverNameOf(userId) !== home.config.serverName) {
    throw new MatrixError(
      400,
      "M_INVALID_PARAM",
      `${userId} is no user of this server, which is ${home.config.serverName}.`,
    );
  }
  if (isChange && userId === caller.id) {
    throw new MatrixError(403, "M_FORBIDDEN", "Administrators cannot do this to their own account.");
  }
  if (userId !== caller.id && isAdministrator(home, userId)) {
    throw new MatrixError(403, "M_FORBIDDEN", "The account is another administrator's.");
  }
  const account = await findAccount(home.db, userId);
  if (account === undefined || account.isDeactivated) {
    throw new MatrixError(404, "M_NOT_FOUND", `There is no account ${userId}, or it is deactivated.`);
  }
  return account.userId;
}
