import { OutboundError } from "../../outbound/outbound-fetch.ts";
import { signRequest } from "../../federation/x-matrix.ts";
import type { Platform } from "../../platform.ts";
import { isTrustedIdentityServer } from "./trusted-identity-servers.ts";

/** The association of an address with a user, as it is withdrawn. */
export interface Association {
  readonly userId: string;
  readonly medium: string;
  readonly address: string;
}

/** `no-support`: the server did not do it, for whatever reason. */
export type UnbindResult = "success" | "no-support";

/**
 * Withdraws an association in the name of its user, which our signature stands for.
 * https://spec.matrix.org/v1.19/identity-service-api/#post_matrixidentityv23pidunbind
 */
export async function unbindAtIdentityServer(
  platform: Pick<Platform, "config" | "urls" | "signingKey" | "fetch" | "log">,
  idServer: string,
  { userId, medium, address }: Association,
): Promise<UnbindResult> {
  const { config, urls, signingKey, fetch, log } = platform;
  if (!isTrustedIdentityServer(platform, idServer)) return "no-support";
  const uri = "/_matrix/identity/v2/3pid/unbind";
  const content = { mxid: userId, threepid: { medium, address } };
  try {
    const response = await fetch(urls.identityServer(idServer) + uri, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: signRequest({ method: "POST", uri, content }, config.serverName, idServer, signingKey),
      },
      body: JSON.stringify(content),
    });
    if (response.ok) return "success";
    log.warn("an identity server did not unbind", { idServer, status: response.status });
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    log.warn("an identity server cannot be reached to unbind", { idServer, reason: error.reason });
  }
  return "no-support";
}
