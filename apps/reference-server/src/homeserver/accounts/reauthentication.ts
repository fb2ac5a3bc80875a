import type { AuthenticatedUser, UiaRequirement } from "@matrix-openapi/server";
import type { Platform } from "../../platform.ts";
import { ssoProvidersOf } from "../single-sign-on/sso-accounts.ts";
import { findAccount } from "./accounts.ts";

/**
 * What a logged-in user has to show again before something that a borrowed session must not do: the password, or that
 * the provider that they came from still knows them. An account without either has nothing to show beyond its token.
 */
export async function reauthentication(
  { db, config }: Pick<Platform, "db" | "config">,
  user: AuthenticatedUser,
): Promise<UiaRequirement> {
  const account = await findAccount(db, user.id);
  const hasPassword = account !== undefined && account.passwordHash !== null;
  const providers = config.sso.providers.length === 0 ? [] : await ssoProvidersOf(db, user.id);
  const hasProvider = config.sso.providers.some(({ id }) => providers.includes(id));
  const flows = [...(hasPassword ? [["m.login.password"]] : []), ...(hasProvider ? [["m.login.sso"]] : [])];
  return { flows: flows.length === 0 ? [["m.login.dummy"]] : flows };
}
