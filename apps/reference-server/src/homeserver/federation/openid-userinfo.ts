import { error, ok, splitTarget } from "@matrix-openapi/server";
import type { ExtraRoute } from "../extra-routes.ts";
import type { Platform } from "../../platform.ts";
import { findOpenIdUser } from "../openid/openid-tokens.ts";

/**
 * Where an identity server asks whose OpenID token it was given; it belongs to the federation API, which is not
 * described here. https://spec.matrix.org/v1.19/server-server-api/#get_matrixfederationv1openiduserinfo
 */
export function openIdUserinfo(platform: Platform): ExtraRoute {
  return {
    path: "/_matrix/federation/v1/openid/userinfo",
    methods: ["GET"],
    async answer({ target }) {
      const token = new URLSearchParams(splitTarget(target).query).get("access_token");
      if (!token) {
        return error(401, "M_MISSING_TOKEN", "access_token is missing from the query.");
      }
      const userId = await findOpenIdUser(platform, token);
      if (userId === undefined) {
        return error(401, "M_UNKNOWN_TOKEN", "The token is not, or no longer, valid.");
      }
      return ok({ sub: userId });
    },
  };
}
