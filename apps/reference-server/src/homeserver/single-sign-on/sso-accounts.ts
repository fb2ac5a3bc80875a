import { withTransaction } from "../../storage/database.ts";
import type { Database } from "../../storage/database.ts";
import { createAccount } from "../accounts/accounts.ts";
import { userIdOf } from "../accounts/user-id.ts";
import { isReserved } from "../application-services/services.ts";
import type { Home } from "../home.ts";
import { limitRegistrations } from "../rate-limits.ts";
import { changeProfile } from "../user-data/change-profile.ts";
import type { Identity } from "./identify.ts";

/** Whose account it is, by what the provider calls them. */
export async function findSsoAccount(db: Database, providerId: string, subject: string): Promise<string | undefined> {
  const row = await db
    .selectFrom("hs_sso_accounts")
    .select("user_id")
    .where("provider_id", "=", providerId)
    .where("subject", "=", subject)
    .executeTakeFirst();
  return row?.user_id;
}

/** The providers that a user has come from. */
export async function ssoProvidersOf(db: Database, userId: string): Promise<string[]> {
  const rows = await db.selectFrom("hs_sso_accounts").select("provider_id").where("user_id", "=", userId).execute();
  return rows.map((row) => row.provider_id);
}

/**
 * The user ID of whom a provider has authenticated; who comes for the first time is registered.
 * https://spec.matrix.org/v1.19/client-server-api/#handling-the-callback-from-the-authentication-server
 */
export async function ssoAccount(
  home: Home,
  providerId: string,
  { subject, login, displayName }: Identity,
  remoteAddress: string | undefined,
): Promise<string> {
  return withTransaction(home.db, async () => {
    const known = await findSsoAccount(home.db, providerId, subject);
    if (known !== undefined) return known;
    await limitRegistrations(home, remoteAddress);
    const userId = await createNamedAccount(home, localpartFrom(login));
    await home.db.insertInto("hs_sso_accounts").values({ provider_id: providerId, subject, user_id: userId }).execute();
    if (displayName !== undefined) await changeProfile(home, userId, "displayname", displayName);
    return userId;
  });
}

/** With a number where the name is taken. */
async function createNamedAccount(home: Home, wanted: string): Promise<string> {
  for (let number = 1; ; number++) {
    const localpart = number === 1 ? wanted : `${wanted}${number}`;
    if (isReserved(home, "users", userIdOf(home, localpart))) continue;
    const created = await createAccount(home, { localpart, passwordHash: null, isGuest: false });
    if (created !== undefined) return created.userId;
  }
}

/** https://spec.matrix.org/v1.19/appendices/#mapping-from-other-character-sets */
function localpartFrom(name: string): string {
  const mapped = [...Buffer.from(name.toLowerCase(), "utf8")].map((byte) => {
    const character = String.fromCharCode(byte);
    return /[a-z0-9._/+-]/.test(character) ? character : `=${byte.toString(16).padStart(2, "0")}`;
  });
  return mapped.slice(0, 60).join("");
}
