import type { Platform } from "../../platform.ts";

/** `@localpart:server`: https://spec.matrix.org/v1.19/appendices/#user-identifiers */
export function userIdOf({ config }: Pick<Platform, "config">, localpart: string): string {
  return `@${localpart}:${config.serverName}`;
}

/**
 * What a person typed as a user name, as one of our user IDs; undefined where it names another server. Our localparts
 * are lower-case, so that a capital can only be a slip.
 */
export function ownUserId(platform: Pick<Platform, "config">, user: string): string | undefined {
  if (!user.startsWith("@")) return userIdOf(platform, user.toLowerCase());
  const [localpart, serverName] = split(user);
  return serverName === platform.config.serverName ? userIdOf(platform, localpart.toLowerCase()) : undefined;
}

function split(userId: string): [localpart: string, serverName: string] {
  const colon = userId.indexOf(":");
  return colon === -1 ? [userId.slice(1), ""] : [userId.slice(1, colon), userId.slice(colon + 1)];
}
