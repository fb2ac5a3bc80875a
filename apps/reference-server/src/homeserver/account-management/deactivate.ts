import { ok } from "@matrix-openapi/server";
import { withTransaction } from "../../storage/database.ts";
import { closeAccount } from "../accounts/close-account.ts";
import type { Handler, Home } from "../home.ts";
import { unbindAccount } from "../threepids/unbind.ts";
import { uiaRequirement } from "../user-interactive-auth/requirements.ts";
import { provenAccount } from "../user-interactive-auth/run-for-account.ts";

/**
 * Closes an account for good. Identity servers are told first, because afterwards nobody knows whom to tell; the
 * account is closed whatever they say. https://spec.matrix.org/v1.19/client-server-api/#account-deactivation
 */
export function deactivateAccount(home: Home): Handler<"deactivateAccount"> {
  return async ({ user, body, uia }) => {
    const { flows } = await uiaRequirement(home, "deactivateAccount", user);
    const grant = await uia.require(flows);
    const userId = await provenAccount(home, user, grant);
    const result = await unbindAccount(home, userId, body.id_server);
    // Asked again, because identity servers have had their time.
    await withTransaction(home.db, async () => closeAccount(home, await provenAccount(home, user, grant)));
    return ok({ id_server_unbind_result: result });
  };
}
