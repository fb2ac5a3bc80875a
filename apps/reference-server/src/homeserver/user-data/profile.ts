import type { JsonValue } from "@matrix-openapi/server";
import type { JsonObject } from "../../json.ts";
import type { Database } from "../../storage/database.ts";
import { inBatches } from "../../storage/in-batches.ts";

/** All that a user says of themselves. */
export async function profileOf(db: Database, userId: string): Promise<JsonObject> {
  return (await profilesOf(db, [userId])).get(userId) ?? {};
}

/** Those of several; empty ones are left out. */
export async function profilesOf(db: Database, userIds: readonly string[]): Promise<ReadonlyMap<string, JsonObject>> {
  const fields = db.selectFrom("hs_profile_fields").select(["user_id", "name", "value"]).orderBy("name");
  const rows = await inBatches(userIds, (some) => fields.where("user_id", "in", some).execute());
  const byUser = Map.groupBy(rows, (row) => row.user_id);
  const toProfile = (of: typeof rows) => Object.fromEntries(of.map(({ name, value }) => [name, JSON.parse(value)]));
  return new Map([...byUser].map(([userId, of]) => [userId, toProfile(of)]));
}

/** What memberships and presence say of a user: https://spec.matrix.org/v1.19/client-server-api/#mroommember */
export async function shownProfile(db: Database, userId: string): Promise<ShownProfile> {
  return shownIn(await profileOf(db, userId));
}

export type ShownProfile = { readonly displayname?: string; readonly avatar_url?: string };

export function shownIn({ displayname, avatar_url }: JsonObject): ShownProfile {
  return {
    ...(typeof displayname === "string" && { displayname }),
    ...(typeof avatar_url === "string" && { avatar_url }),
  };
}

/** Undefined takes the field away. */
export async function storeProfileField(
  db: Database,
  userId: string,
  name: string,
  value: JsonValue | undefined,
): Promise<void> {
  if (value === undefined) {
    await db.deleteFrom("hs_profile_fields").where("user_id", "=", userId).where("name", "=", name).execute();
    return;
  }
  const folded = name === "displayname" && typeof value === "string" ? value.toLowerCase() : null;
  const stored = { value: JSON.stringify(value), folded };
  await db
    .insertInto("hs_profile_fields")
    .values({ user_id: userId, name, ...stored })
    .onConflict((conflict) => conflict.columns(["user_id", "name"]).doUpdateSet(stored))
    .execute();
}
