import { error } from "@matrix-openapi/server";
import type { Platform } from "../../platform.ts";
import { findAccount } from "../accounts/accounts.ts";
import { userIdOf } from "../accounts/user-id.ts";

/**
 * Why nobody can register with this name, or undefined. Names of deactivated accounts stay taken. No application
 * service reserves any here, so that there is no `M_EXCLUSIVE`.
 * https://spec.matrix.org/v1.19/appendices/#user-identifiers
 */
export async function refuseUsername(platform: Platform, username: string) {
  if (!localpart.test(username)) {
    const message = "The user name is not valid: it may consist of a-z, 0-9 and the characters . _ = - / +";
    return error(400, "M_INVALID_USERNAME", message);
  }
  const userId = userIdOf(platform, username);
  if (Buffer.byteLength(userId) > 255) {
    return error(400, "M_INVALID_USERNAME", "The user name is too long: the user ID would have more than 255 bytes.");
  }
  return (await findAccount(platform.db, userId)) === undefined ? undefined : usernameTaken;
}

export const usernameTaken = error(400, "M_USER_IN_USE", "This user name is taken: choose another one.");

const localpart = /^[a-z0-9._=/+-]+$/;
