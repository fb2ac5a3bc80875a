import type { Platform } from "../../platform.ts";

/**
 * Whether requests go to an identity server because a client has named it: to our own, and to those of the
 * configuration. https://spec.matrix.org/v1.19/client-server-api/#other-error-codes (M_SERVER_NOT_TRUSTED)
 */
export function isTrustedIdentityServer({ config, urls }: Pick<Platform, "config" | "urls">, name: string): boolean {
  const { trustedServers } = config.identity;
  return trustedServers === null || trustedServers.includes(name) || urls.identityServer(name) === urls.identity;
}
