import type { ExtraRoute } from "../extra-routes.ts";
import { jsonResponse } from "../extra-routes.ts";
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
    async answer(request) {
      const token = new URL(request.url).searchParams.get("access_token");
      if (!token) {
        return jsonResponse(401, { errcode: "M_MISSING_TOKEN", error: "access_token is missing from the query." });
      }
      const userId = await findOpenIdUser(platform, token);
      if (userId === undefined) {
        return jsonResponse(401, { errcode: "M_UNKNOWN_TOKEN", error: "The token is not, or no longer, valid." });
      }
      return jsonResponse(200, { sub: userId });
    },
  };
}
