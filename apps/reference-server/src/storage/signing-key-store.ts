import type { Random } from "../crypto/random.ts";
import { randomText } from "../crypto/random.ts";
import { signingKeyFromSeed } from "../crypto/signing-keys.ts";
import type { SigningKey } from "../crypto/signing-keys.ts";
import { decodeUnpaddedBase64, encodeUnpaddedBase64 } from "../crypto/unpadded-base64.ts";
import type { Clock } from "../process/clock.ts";
import { withTransaction } from "./database.ts";
import type { Database } from "./database.ts";

export interface SigningKeyStore {
  readonly table: "hs_signing_keys" | "is_signing_keys";
  readonly clock: Clock;
  readonly random: Random;
}

/** The server's key, made on its first start and never again: what it signed must stay verifiable. */
export async function loadSigningKey(db: Database, { table, clock, random }: SigningKeyStore): Promise<SigningKey> {
  const { key_id, seed } = await withTransaction(db, async () => {
    const kept = await db.selectFrom(table).selectAll().orderBy("created_at", "desc").limit(1).executeTakeFirst();
    if (kept !== undefined) return kept;
    const created = {
      key_id: `ed25519:${randomText(random, 6, "abcdefghijklmnopqrstuvwxyz0123456789")}`,
      seed: encodeUnpaddedBase64(random.bytes(32)),
      created_at: clock.now(),
    };
    await db.insertInto(table).values(created).execute();
    return created;
  });
  const bytes = decodeUnpaddedBase64(seed);
  if (bytes === null) throw new Error(`the seed of ${key_id} in ${table} is no base64: restore the database`);
  return signingKeyFromSeed(bytes, key_id.slice("ed25519:".length));
}
