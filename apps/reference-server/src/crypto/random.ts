import { createCipheriv, createHash, randomBytes } from "node:crypto";

/** Where tokens, session IDs and keys come from; a seeded one makes a whole server repeatable in a test. */
export interface Random {
  bytes(length: number): Uint8Array;
}

export const systemRandom: Random = { bytes: (length) => randomBytes(length) };

/** The AES-CTR key stream of the seed: the same seed gives the same server, and only tests may ask for that. */
export function createSeededRandom(seed: string): Random {
  const key = createHash("sha256").update(seed).digest();
  const keyStream = createCipheriv("aes-256-ctr", key, Buffer.alloc(16));
  return { bytes: (length) => keyStream.update(Buffer.alloc(length)) };
}

/** Letters and digits of an alphabet, each equally likely: bytes beyond the largest whole multiple are thrown away. */
export function randomText(random: Random, length: number, alphabet: string): string {
  const fair = 256 - (256 % alphabet.length);
  let text = "";
  while (text.length < length) {
    for (const byte of random.bytes(length - text.length)) {
      if (byte < fair) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}

/** Text that nobody guesses, for URLs and file names, of so many random bytes. */
export function randomBase64url(random: Random, bytes: number): string {
  return Buffer.from(random.bytes(bytes)).toString("base64url");
}

/** A code that a person types from an SMS. */
export function randomDigits(random: Random, length: number): string {
  return randomText(random, length, "0123456789");
}

/** An identifier that people read: device IDs and generated localparts. */
export function randomIdentifier(random: Random, length: number): string {
  return randomText(random, length, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
}
