import type { components } from "@matrix-openapi/definitions/client-server";
import type { Database } from "../../storage/database.ts";
import type { CrossSigningKeyTable } from "../../storage/migrations/0015-encryption.ts";
import { inBatches } from "../../storage/in-batches.ts";
import { addSignatures, dropSignatures, dropSignaturesBy } from "./key-signatures.ts";
import { isSame, signaturesOf, signedPart } from "./signed-objects.ts";

export type CrossSigningKey = components["schemas"]["CrossSigningKey"];
export type KeyUsage = CrossSigningKeyTable["usage"];

/** A user's key for one of the three purposes: https://spec.matrix.org/v1.19/client-server-api/#cross-signing */
export interface StoredCrossSigningKey {
  readonly userId: string;
  readonly usage: KeyUsage;
  readonly publicKey: string;
  /** Without signatures, as JSON. */
  readonly json: string;
}

export async function crossSigningKeysOf(db: Database, userIds: Iterable<string>): Promise<StoredCrossSigningKey[]> {
  const rows = await inBatches(userIds, (batch) =>
    db.selectFrom("hs_cross_signing_keys").selectAll().where("user_id", "in", batch).execute(),
  );
  return rows.map((row) => ({ userId: row.user_id, usage: row.usage, publicKey: row.public_key, json: row.json }));
}

/** A device must not have this ID, because both are named alike in signatures. */
export async function isCrossSigningKey(db: Database, userId: string, deviceId: string): Promise<boolean> {
  return (await crossSigningKeysOf(db, [userId])).some(({ publicKey }) => publicKey === deviceId);
}

/** The one key that the object is about; the description lets it have no other. */
export function publicKeyOf(key: CrossSigningKey): string {
  return Object.values(key.keys)[0] ?? "";
}

/** False where the user has this very key; signatures on and by the one that it replaces go. */
export async function storeCrossSigningKey(
  db: Database,
  userId: string,
  usage: KeyUsage,
  key: CrossSigningKey,
): Promise<boolean> {
  const [publicKey, json] = [publicKeyOf(key), signedPart(key)];
  const stored = (await crossSigningKeysOf(db, [userId])).find((other) => other.usage === usage);
  const isNew = stored === undefined || !isSame(stored.json, json);
  if (isNew) {
    if (stored !== undefined) await dropAllSignatures(db, stored);
    await db
      .insertInto("hs_cross_signing_keys")
      .values({ user_id: userId, usage, public_key: publicKey, json })
      .onConflict((conflict) => conflict.columns(["user_id", "usage"]).doUpdateSet({ public_key: publicKey, json }))
      .execute();
  }
  await addSignatures(db, { userId, target: publicKey }, userId, signaturesOf(key, userId));
  return isNew;
}

/** False where there were none. */
export async function forgetCrossSigningKeys(db: Database, userId: string): Promise<boolean> {
  const keys = await crossSigningKeysOf(db, [userId]);
  for (const key of keys) await dropAllSignatures(db, key);
  await db.deleteFrom("hs_cross_signing_keys").where("user_id", "=", userId).execute();
  return keys.length > 0;
}

async function dropAllSignatures(db: Database, { userId, publicKey }: StoredCrossSigningKey): Promise<void> {
  await dropSignatures(db, { userId, target: publicKey });
  await dropSignaturesBy(db, userId, publicKey);
}
