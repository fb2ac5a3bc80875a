import { randomBase64url } from "../../crypto/random.ts";
import type { Platform } from "../../platform.ts";
import { withTransaction } from "../../storage/database.ts";
import { equal } from "../../storage/equal.ts";
import { lookupHash } from "./lookup-hash.ts";

/**
 * The pepper that lookups have to use now. It changes by itself, so that hashes collected in one period are worth
 * nothing in the next: https://spec.matrix.org/v1.19/identity-service-api/#get_matrixidentityv2hash_details
 */
export function currentPepper(platform: Platform): Promise<string> {
  const { db, clock, config } = platform;
  return withTransaction(db, async () => {
    const kept = await db
      .selectFrom("is_peppers")
      .selectAll()
      .orderBy("created_at", "desc")
      .limit(1)
      .executeTakeFirst();
    const isFresh = kept !== undefined && clock.now() - kept.created_at < config.identity.pepperRotationMs;
    return isFresh ? kept.pepper : rotate(platform);
  });
}

async function rotate({ db, clock, random }: Platform): Promise<string> {
  const pepper = randomBase64url(random, 24);
  await db.deleteFrom("is_peppers").execute();
  await db.insertInto("is_peppers").values({ pepper, created_at: clock.now() }).execute();
  const associations = await db.selectFrom("is_associations").select(["medium", "address"]).execute();
  for (const { medium, address } of associations) {
    await db
      .updateTable("is_associations")
      .set({ lookup_hash: lookupHash(address, medium, pepper) })
      .where(equal({ medium, address }))
      .execute();
  }
  return pepper;
}
