import { createHmac } from "node:crypto";
import { error, ok } from "@matrix-openapi/server";
import type { Home, SomeHandlers } from "../home.ts";

/**
 * Credentials that the TURN server checks by the secret it shares with us, and that expire by themselves.
 * https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3voipturnserver
 */
export function voipHandlers({ config, clock }: Home) {
  return {
    getTurnServer({ user }) {
      const { uris, sharedSecret, lifetimeMs } = config.turn;
      if (uris.length === 0 || sharedSecret === null) {
        return error(404, "M_NOT_FOUND", "This server has no TURN server.");
      }
      const ttl = Math.floor(lifetimeMs / 1000);
      const username = `${Math.floor(clock.now() / 1000) + ttl}:${user.id}`;
      const password = createHmac("sha1", sharedSecret).update(username).digest("base64");
      return ok({ username, password, uris: [...uris], ttl });
    },
  } satisfies SomeHandlers;
}
