import type { Selectable } from "kysely";
import type { Platform } from "../../platform.ts";
import type { Database } from "../../storage/database.ts";
import { equal } from "../../storage/equal.ts";
import type { UserTable } from "../../storage/migrations/0001-homeserver-accounts.ts";
import { voidProofs } from "./credential-generation.ts";
import { userIdOf } from "./user-id.ts";

/** An account of this server, deactivated ones included: their user IDs stay taken. */
export interface Account {
  readonly userId: string;
  readonly localpart: string;
  /** Null for guests, deactivated accounts, and those registered without a password. */
  readonly passwordHash: string | null;
  readonly isGuest: boolean;
  readonly isDeactivated: boolean;
  /** See {@link AccountProof}. */
  readonly credentialGeneration: number;
}

interface NewAccount {
  readonly localpart: string;
  readonly passwordHash: string | null;
  readonly isGuest: boolean;
}

export interface ThirdPartyIdentifier {
  readonly medium: string;
  /** In canonical form. */
  readonly address: string;
}

export async function findAccount(db: Database, userId: string): Promise<Account | undefined> {
  const row = await db.selectFrom("hs_users").selectAll().where("user_id", "=", userId).executeTakeFirst();
  return row && toAccount(row);
}

/** The account that an email address or phone number has been added to. */
export async function findAccountByThreepid(
  db: Database,
  { medium, address }: ThirdPartyIdentifier,
): Promise<Account | undefined> {
  const row = await db
    .selectFrom("hs_threepids")
    .innerJoin("hs_users", "hs_users.user_id", "hs_threepids.user_id")
    .selectAll("hs_users")
    .where(equal({ "hs_threepids.medium": medium, "hs_threepids.address": address }))
    .executeTakeFirst();
  return row && toAccount(row);
}

/** Undefined where the localpart is taken, whoever was faster. */
export async function createAccount(
  platform: Pick<Platform, "config" | "db" | "clock">,
  { localpart, passwordHash, isGuest }: NewAccount,
): Promise<Account | undefined> {
  const row = await platform.db
    .insertInto("hs_users")
    .values({
      user_id: userIdOf(platform, localpart),
      localpart,
      password_hash: passwordHash,
      is_guest: isGuest ? 1 : 0,
      display_name: null,
      created_at: platform.clock.now(),
      deactivated_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
  return row && toAccount(row);
}

/** False where another account has the address already. */
export async function addThreepid(
  { db, clock }: Pick<Platform, "db" | "clock">,
  userId: string,
  { medium, address, validatedAt }: ThirdPartyIdentifier & { readonly validatedAt: number },
): Promise<boolean> {
  const added = { medium, address, user_id: userId, validated_at: validatedAt, added_at: clock.now() };
  await db
    .insertInto("hs_threepids")
    .values(added)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const owner = await findAccountByThreepid(db, added);
  return owner?.userId === userId;
}

/** What was shown by the old one counts no more. */
export async function setPasswordHash(db: Database, userId: string, passwordHash: string): Promise<void> {
  await db.updateTable("hs_users").set({ password_hash: passwordHash }).where("user_id", "=", userId).execute();
  await voidProofs(db, userId);
}

function toAccount(row: Selectable<UserTable>): Account {
  return {
    userId: row.user_id,
    localpart: row.localpart,
    passwordHash: row.password_hash,
    isGuest: row.is_guest === 1,
    isDeactivated: row.deactivated_at !== null,
    credentialGeneration: row.credential_generation,
  };
}
