import type { AuthenticatedUser, UiaRequirement } from "@matrix-openapi/server";
import type { Platform } from "../../platform.ts";
import { findAccount } from "./accounts.ts";

/**
 * What a logged-in user has to show again before something that a borrowed session must not do: the password. An
 * account that was registered without one has nothing to show beyond its token.
 */
export async function reauthentication({ db }: Platform, user: AuthenticatedUser): Promise<UiaRequirement> {
  const account = await findAccount(db, user.id);
  const hasPassword = account !== undefined && account.passwordHash !== null;
  return { flows: [[hasPassword ? "m.login.password" : "m.login.dummy"]] };
}
