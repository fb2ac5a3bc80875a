import { error, ok } from "@matrix-openapi/server";
import { setPasswordHash } from "../accounts/accounts.ts";
import { passwordWeakness } from "../accounts/password-policy.ts";
import type { Handler, Home } from "../home.ts";
import { endLoginTokens, endSessions } from "../sessions/end-sessions.ts";
import { usedUp, useUpValidations } from "../threepids/validated-threepid.ts";
import { runForAccount } from "../user-interactive-auth/run-for-account.ts";

/**
 * Changes the password of whoever is logged in, or resets that of whoever has validated an address of the account; the
 * session that asks stays. https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3accountpassword
 */
export function changePassword(home: Home): Handler<"changePassword"> {
  return async ({ user, body, uia }) => {
    const weakness = passwordWeakness(home.config.passwordPolicy, body.new_password);
    if (weakness !== undefined) return error(400, "M_WEAK_PASSWORD", weakness);
    // Slow on purpose: not in the transaction, and not for a request that only asks what is required.
    const passwordHash = body.auth === undefined ? null : await home.passwords.hash(body.new_password);
    return runForAccount(home, "changePassword", { user, uia }, async (userId, grant) => {
      if (passwordHash === null) throw new Error("user-interactive auth has let a request without auth pass");
      if (!(await useUpValidations(home, grant))) return usedUp;
      await setPasswordHash(home.db, userId, passwordHash);
      await endLoginTokens(home.db, userId);
      if (body.logout_devices !== false) await endSessions(home, userId, user?.deviceId);
      return ok({});
    });
  };
}
