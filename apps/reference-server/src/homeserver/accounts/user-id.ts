import { serverNameOf } from "../../identifiers.ts";
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
  if (serverNameOf(user) !== platform.config.serverName) return undefined;
  return userIdOf(platform, user.slice(1, user.indexOf(":")).toLowerCase());
}
