import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createSeededRandom, systemRandom } from "../crypto/random.ts";
import { verifyMessage } from "../crypto/signing-keys.ts";
import { systemClock } from "../process/clock.ts";
import { openDatabase } from "./database.ts";
import { loadSigningKey } from "./signing-key-store.ts";
import type { SigningKeyStore } from "./signing-key-store.ts";

const homeserver: SigningKeyStore = { table: "hs_signing_keys", clock: systemClock, random: systemRandom };

test("the key is made on the first start and kept; each server has its own", async () => {
  const folder = mkdtempSync(join(tmpdir(), "reference-server-"));
  const file = join(folder, "server.db");
  const first = await openDatabase(file, systemClock);
  const made = await loadSigningKey(first, homeserver);
  const other = await loadSigningKey(first, { ...homeserver, table: "is_signing_keys" });
  await first.destroy();

  const second = await openDatabase(file, systemClock);
  const kept = await loadSigningKey(second, homeserver);
  await second.destroy();
  rmSync(folder, { recursive: true });
  expect([kept.keyId, kept.publicKey]).toEqual([made.keyId, made.publicKey]);
  expect(kept.keyId).toMatch(/^ed25519:[a-z0-9]{6}$/);
  expect(verifyMessage("m", kept.sign("m"), made.publicKey)).toBe(true);
  expect(other.publicKey).not.toBe(made.publicKey);
});

test("two that start at once agree, and a seed makes the key repeatable", async () => {
  const [one, two] = await publicKeys("a");
  expect(one).toBe(two);
  expect(await publicKeys("a")).toEqual([one, two]);
  expect(await publicKeys("b")).not.toEqual([one, two]);
});

async function publicKeys(seed: string): Promise<string[]> {
  await using db = await openDatabase(":memory:", systemClock);
  const random = createSeededRandom(seed);
  const keys = await Promise.all([1, 2].map(() => loadSigningKey(db, { ...homeserver, random })));
  return keys.map((key) => key.publicKey);
}
