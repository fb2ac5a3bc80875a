import type { Database } from "../../storage/database.ts";
import { appendToStream } from "../../storage/stream.ts";
import { forgetCrossSigningKeys } from "./cross-signing-keys.ts";

/** What goes with an account, beside that which goes with its devices. */
export async function forgetUserKeys(db: Database, userId: string): Promise<void> {
  if (await forgetCrossSigningKeys(db, userId)) appendToStream(db, { kind: "device_list", userId });
  await db.deleteFrom("hs_key_backups").where("user_id", "=", userId).execute(); // and the keys in them
}
