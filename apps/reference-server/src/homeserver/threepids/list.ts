import type { Medium } from "../../validation-sessions/validation-sessions.ts";
import type { Database } from "../../storage/database.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3account3pid */
export async function listThreepids(db: Database, userId: string) {
  const rows = await db
    .selectFrom("hs_threepids")
    .select(["medium", "address", "validated_at", "added_at"])
    .where("user_id", "=", userId)
    .orderBy("added_at")
    .execute();
  return rows.map((row) => ({ ...row, medium: row.medium as Medium })); // only canonical ones are added
}
