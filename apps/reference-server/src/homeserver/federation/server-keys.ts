import { ok } from "@matrix-openapi/server";
import { signJson } from "../../crypto/signing-keys.ts";
import type { Platform } from "../../platform.ts";
import type { ExtraRoute } from "../extra-routes.ts";

/**
 * Where identity servers get the key that our signatures verify against.
 * https://spec.matrix.org/v1.19/server-server-api/#publishing-keys
 */
export function serverKeys({ config, clock, signingKey }: Platform): ExtraRoute {
  return {
    path: "/_matrix/key/v2/server",
    methods: ["GET"],
    async answer() {
      const keys = {
        server_name: config.serverName,
        verify_keys: { [signingKey.keyId]: { key: signingKey.publicKey } },
        old_verify_keys: {},
        valid_until_ts: clock.now() + 24 * 3600 * 1000,
      };
      return ok(signJson(keys, config.serverName, signingKey));
    },
  };
}
