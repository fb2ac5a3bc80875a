import { error, ok } from "@matrix-openapi/server";
import { withTransaction } from "../../storage/database.ts";
import { closeAccount } from "../accounts/close-account.ts";
import type { Handler, Home } from "../home.ts";
import { unbindAccount } from "../threepids/unbind-account.ts";
import { uiaRequirement } from "../user-interactive-auth/requirements.ts";

/**
 * Closes an account for good. Identity servers are told first, because afterwards nobody knows whom to tell; the
 * account is closed whatever they say. https://spec.matrix.org/v1.19/client-server-api/#account-deactivation
 */
export function deactivateAccount(home: Home): Handler<"deactivateAccount"> {
  return async ({ user, body, uia }) => {
    const { flows } = await uiaRequirement(home, "deactivateAccount", user);
    const grant = await uia.require(flows);
    const userId = user?.id ?? grant.userId;
    if (userId === null) return error(403, "M_FORBIDDEN", "The authentication has shown no account.");
    const result = await unbindAccount(home, userId, body.id_server);
    await withTransaction(home.db, () => closeAccount(home, userId));
    return ok({ id_server_unbind_result: result });
  };
}
