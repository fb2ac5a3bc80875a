import { asObject } from "../../json.ts";
import type { Database } from "../../storage/database.ts";
import { findAccountData } from "./account-data.ts";

/** Whose messages and invitations the user does not want. https://spec.matrix.org/v1.19/client-server-api/#ignoring-users */
export async function ignoredUsers(db: Database, userId: string): Promise<ReadonlySet<string>> {
  const content = await findAccountData(db, { userId, type: "m.ignored_user_list" });
  return new Set(Object.keys(asObject(content?.["ignored_users"])));
}
