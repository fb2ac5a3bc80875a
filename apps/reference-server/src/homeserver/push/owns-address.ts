import type { Database } from "../../storage/database.ts";
import { findAccountByThreepid } from "../accounts/accounts.ts";
import { canonicalThreepid } from "../../threepids/canonical-threepid.ts";

/** Mails go to validated addresses of the account only, so that nobody gets any who has not asked for them. */
export async function ownsAddress(db: Database, userId: string, address: string): Promise<boolean> {
  const threepid = canonicalThreepid("email", address);
  return threepid !== null && (await findAccountByThreepid(db, threepid))?.userId === userId;
}
