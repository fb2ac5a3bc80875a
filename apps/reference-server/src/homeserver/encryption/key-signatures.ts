import type { Selectable } from "kysely";
import type { Database } from "../../storage/database.ts";
import { equal } from "../../storage/equal.ts";
import type { KeySignatureTable } from "../../storage/migrations/0015-encryption.ts";
import { inBatches } from "../../storage/in-batches.ts";
import type { UserSignatures } from "./signed-objects.ts";

/** A key that can be signed: a device by its ID, or a cross-signing key by its public key. */
export interface SignedKey {
  readonly userId: string;
  readonly target: string;
}

/** Adds signatures by one user, over earlier ones by the same keys. */
export async function addSignatures(
  db: Database,
  { userId, target }: SignedKey,
  signer: string,
  signatures: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [keyId, signature] of Object.entries(signatures)) {
    await db
      .insertInto("hs_key_signatures")
      .values({ user_id: userId, target, signer, key_id: keyId, signature })
      .onConflict((conflict) => conflict.columns(["user_id", "target", "signer", "key_id"]).doUpdateSet({ signature }))
      .execute();
  }
}

/** What was signed is another key now, or none. */
export async function dropSignatures(db: Database, { userId, target }: SignedKey): Promise<void> {
  await db
    .deleteFrom("hs_key_signatures")
    .where(equal({ user_id: userId, target }))
    .execute();
}

/** Nobody can check any more what the key has signed. */
export async function dropSignaturesBy(db: Database, signer: string, key: string): Promise<void> {
  await db
    .deleteFrom("hs_key_signatures")
    .where(equal({ signer, key_id: `ed25519:${key}` }))
    .execute();
}

/**
 * The signatures on the users' keys that the viewer may see: the viewer's own, and those by which the users sign
 * themselves. Whom else they have verified is theirs to know.
 * https://spec.matrix.org/v1.19/client-server-api/#key-and-signature-security
 */
export async function visibleSignatures(
  db: Database,
  userIds: Iterable<string>,
  viewer: string,
): Promise<(key: SignedKey) => UserSignatures> {
  const rows = await inBatches(userIds, (batch) =>
    db
      .selectFrom("hs_key_signatures")
      .selectAll()
      .where("user_id", "in", batch)
      .where((is) => is.or([is("signer", "=", is.ref("user_id")), is("signer", "=", viewer)]))
      .execute(),
  );
  const byKey = Map.groupBy(rows, (row) => nameOf({ userId: row.user_id, target: row.target }));
  return (key) => bySigner(byKey.get(nameOf(key)) ?? []);
}

/** A user ID has no NUL. */
const nameOf = ({ userId, target }: SignedKey) => `${userId}\0${target}`;

function bySigner(rows: readonly Selectable<KeySignatureTable>[]): UserSignatures {
  const signers = Map.groupBy(rows, (row) => row.signer);
  return Object.fromEntries(
    [...signers].map(([signer, of]) => [signer, Object.fromEntries(of.map((row) => [row.key_id, row.signature]))]),
  );
}
