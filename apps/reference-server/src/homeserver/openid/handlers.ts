import { error, ok } from "@matrix-openapi/server";
import type { Home, SomeHandlers } from "../home.ts";
import { createOpenIdToken } from "./openid-tokens.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3useruseridopenidrequest_token */
export function openIdHandlers(home: Home) {
  return {
    async requestOpenIdToken({ user, params }) {
      if (params.path.userId !== user.id) {
        return error(403, "M_FORBIDDEN", "You can get a token for yourself only: put your own user ID into the path.");
      }
      return ok({
        access_token: await createOpenIdToken(home, user.id),
        token_type: "Bearer",
        matrix_server_name: home.config.serverName,
        expires_in: Math.floor(home.config.tokens.openIdTokenLifetimeMs / 1000),
      });
    },
  } satisfies SomeHandlers;
}
