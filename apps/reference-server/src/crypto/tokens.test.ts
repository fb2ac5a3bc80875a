import { expect, test } from "vitest";
import { createSeededRandom, randomDigits, randomText, systemRandom } from "./random.ts";
import { seal, unseal } from "./seal.ts";
import { createToken, equalSecrets, hashToken } from "./tokens.ts";
import { decodeUnpaddedBase64, encodeUnpaddedBase64 } from "./unpadded-base64.ts";

test("a token has 256 bits, a prefix, and the grammar of opaque identifiers", () => {
  const tokens = Array.from({ length: 50 }, () => createToken(systemRandom, "access"));
  expect(new Set(tokens).size).toBe(50);
  for (const token of tokens) {
    expect(token).toMatch(/^mat_[0-9a-zA-Z_-]{43}$/);
    expect(Buffer.from(token.slice(4), "base64url")).toHaveLength(32);
    expect(hashToken(token)).not.toContain(token.slice(4));
  }
});

const seeded = (seed: string) => createToken(createSeededRandom(seed), "access");

test("the same seed gives the same tokens, another seed others", () => {
  expect(seeded("a")).toBe(seeded("a"));
  expect(seeded("a")).not.toBe(seeded("b"));
  const random = createSeededRandom("a");
  expect(createToken(random, "access")).not.toBe(createToken(random, "access"));
});

test("random text has the asked length and every letter of the alphabet", () => {
  expect(randomDigits(systemRandom, 6)).toMatch(/^\d{6}$/);
  expect(new Set(randomText(createSeededRandom("s"), 500, "abc"))).toEqual(new Set("abc"));
});

test("secrets are equal or not, whatever their lengths", () => {
  expect([equalSecrets("abc", "abc"), equalSecrets("abc", "abcd"), equalSecrets("", "a")]).toEqual([
    true,
    false,
    false,
  ]);
});

test("a sealed text opens with its secret only, and not when changed", () => {
  const sealed = seal('{"a":1}', "session", systemRandom);
  expect(Buffer.from(sealed, "base64url").includes('"a"')).toBe(false);
  expect(unseal(sealed, "session")).toBe('{"a":1}');
  expect(() => unseal(sealed, "other")).toThrow();
  const changed = (sealed.startsWith("A") ? "B" : "A") + sealed.slice(1);
  expect(() => unseal(changed, "session")).toThrow();
});

test.each([
  ["", ""],
  ["f", "Zg"],
  ["fo", "Zm8"],
  ["foobar", "Zm9vYmFy"],
])("unpadded base64 of %j is %j", (plain, encoded) => {
  expect(encodeUnpaddedBase64(Buffer.from(plain))).toBe(encoded);
  expect(decodeUnpaddedBase64(encoded)).toEqual(Buffer.from(plain));
});

test("padding is taken, other alphabets are not", () => {
  expect(decodeUnpaddedBase64("Zg==")).toEqual(Buffer.from("f"));
  expect(["Z g", "-_", "Z", "Z==="].map(decodeUnpaddedBase64)).toEqual([null, null, null, null]);
});
