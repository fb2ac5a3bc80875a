import { error, ok } from "@matrix-openapi/server";
import { hashToken } from "../../crypto/tokens.ts";
import { withTransaction } from "../../storage/database.ts";
import { voidProofs } from "../accounts/credential-generation.ts";
import { deleteDevices } from "../devices/devices.ts";
import type { Home, SomeHandlers } from "../home.ts";
import { runForAccount } from "../user-interactive-auth/run-for-account.ts";
import { endSessions } from "./end-sessions.ts";
import { loginFlows } from "./login-flows.ts";
import { loginFallback } from "./login-fallback.ts";
import { createLoginToken } from "./login-tokens.ts";
import { login } from "./login.ts";
import { rotateTokens } from "./token-rotation.ts";

/** Logging in and out, and the tokens in between: https://spec.matrix.org/v1.19/client-server-api/#legacy-api */
export function sessionHandlers(home: Home) {
  return {
    getLoginFlows: () => ok({ flows: loginFlows(home) }),

    login: login(home),

    getLoginFallback: () => loginFallback(),

    async generateLoginToken({ user, uia }) {
      return runForAccount(home, "generateLoginToken", { user, uia }, async (userId) => {
        const token = await createLoginToken(home, userId);
        return ok({ login_token: token, expires_in_ms: home.config.tokens.loginTokenLifetimeMs });
      });
    },

    refresh: ({ body }) => rotateTokens(home, hashToken(body.refresh_token)),

    async logout({ user }) {
      if (user.providerId !== undefined) return revokeInstead;
      await deleteDevices(home.db, user.id, [user.deviceId]);
      return ok({});
    },

    async logoutAll({ user }) {
      if (user.providerId !== undefined) return revokeInstead;
      await withTransaction(home.db, async () => {
        await endSessions(home, user.id);
        await voidProofs(home.db, user.id);
      });
      return ok({});
    },

    getTokenOwner: ({ user }) =>
      ok({ user_id: user.id, ...(user.deviceId !== "" && { device_id: user.deviceId }), is_guest: user.guest }),
  } satisfies SomeHandlers;
}

/** https://spec.matrix.org/v1.19/client-server-api/#token-revocation */
const revokeInstead = error(
  403,
  "M_FORBIDDEN",
  "The authorization server has issued your token: have it revoked there, as GET /auth_metadata says.",
);
