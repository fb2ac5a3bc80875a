import type { Database } from "../../storage/database.ts";

/**
 * What a stage that proves an account leaves behind: the generation of the account's credentials, read together with
 * the credential. A type, not an interface, so that it is assignable to JsonValue.
 */
export type AccountProof = { readonly generation: number };

/**
 * Makes void whatever somebody has shown for an account until now, so that no user-interactive auth that was begun with
 * an old password or address outlives it. Call it in the transaction that ends the credential.
 */
export async function voidProofs(db: Database, userId: string): Promise<void> {
  await db
    .updateTable("hs_users")
    .set(({ eb }) => ({ credential_generation: eb("credential_generation", "+", 1) }))
    .where("user_id", "=", userId)
    .execute();
}
