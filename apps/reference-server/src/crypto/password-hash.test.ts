import { expect, test } from "vitest";
import { createPasswordHasher } from "./password-hash.ts";
import type { PasswordHashingProfile } from "./password-hash.ts";
import { createSeededRandom, systemRandom } from "./random.ts";

test("the right password verifies, any other does not, and the same one has two hashes", async () => {
  const passwords = createPasswordHasher("test", systemRandom);
  const [first, second] = [await passwords.hash("correct horse"), await passwords.hash("correct horse")];
  expect(first).not.toBe(second);
  expect(first).not.toContain("correct");
  expect(await passwords.verify("correct horse", first)).toBe(true);
  expect(await passwords.verify("correct horse ", first)).toBe(false);
  expect(await passwords.verify("", first)).toBe(false);
});

test("an unknown user's password is never right, not even the empty one", async () => {
  const passwords = createPasswordHasher("test", systemRandom);
  expect(await passwords.verify("", null)).toBe(false);
});

test("hashes name their parameters, so that those of another profile still verify", async () => {
  const hash = await createPasswordHasher("production", createSeededRandom("s")).hash("p");
  expect(hash).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$/);
  expect(await createPasswordHasher("test", systemRandom).verify("p", hash)).toBe(true);
});

test("the event loop goes on while a password is hashed", async () => {
  let turns = 0;
  const count = setInterval(() => turns++, 1);
  await createPasswordHasher("production", systemRandom).hash("p");
  clearInterval(count);
  expect(turns).toBeGreaterThan(1);
});

test("a broken hash and an unknown profile are errors, not wrong passwords", async () => {
  const passwords = createPasswordHasher("test", systemRandom);
  await expect(passwords.verify("p", "$2b$10$abc")).rejects.toThrow("unknown form");
  // wrong on purpose
  expect(() => createPasswordHasher("fast" as PasswordHashingProfile, systemRandom)).toThrow(
    'passwordHashing is "fast"',
  );
});
