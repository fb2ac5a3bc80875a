import { error } from "@matrix-openapi/server";
import type { Platform } from "../../platform.ts";
import { findAccount } from "../accounts/accounts.ts";
import { isReserved } from "../application-services/services.ts";
import type { ApplicationService } from "../application-services/services.ts";
import { userIdOf } from "../accounts/user-id.ts";

/**
 * Why one cannot register with this name, or undefined: a person, or an application service for one of its users. Names
 * of deactivated accounts stay taken. https://spec.matrix.org/v1.19/appendices/#user-identifiers
 */
export async function refuseUsername(platform: Platform, username: string, asking?: ApplicationService) {
  if (!localpart.test(username)) {
    const message = "The user name is not valid: it may consist of a-z, 0-9 and the characters . _ = - / +";
    return error(400, "M_INVALID_USERNAME", message);
  }
  const userId = userIdOf(platform, username);
  if (Buffer.byteLength(userId) > 255) {
    return error(400, "M_INVALID_USERNAME", "The user name is too long: the user ID would have more than 255 bytes.");
  }
  if (isReserved(platform, "users", userId, asking) || asking?.users.has(userId) === false) return exclusive;
  return (await findAccount(platform.db, userId)) === undefined ? undefined : usernameTaken;
}

export const usernameTaken = error(400, "M_USER_IN_USE", "This user name is taken: choose another one.");

const exclusive = error(400, "M_EXCLUSIVE", "This user name is for others to register: choose another one.");

const localpart = /^[a-z0-9._=/+-]+$/;
