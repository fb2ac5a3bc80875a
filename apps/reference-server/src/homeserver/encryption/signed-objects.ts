import { isDeepStrictEqual } from "node:util";
import { CanonicalJsonError } from "../../crypto/canonical-json.ts";
import { verifySignedJson } from "../../crypto/signing-keys.ts";
import { asObject } from "../../json.ts";
import type { JsonObject } from "../../json.ts";

/** Signatures by signer, then by the ID of the key that signed. */
export type UserSignatures = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What a signature covers, as it is stored; the signatures themselves are kept apart, because others add to them. */
export function signedPart(object: object): string {
  const { signatures: _signatures, unsigned: _unsigned, ...signed } = object as JsonObject; // parsed from JSON
  return JSON.stringify(signed);
}

/** Whether what is stored and what is given say the same, in whatever order. */
export function isSame(stored: string, given: string): boolean {
  return stored === given || isDeepStrictEqual(JSON.parse(stored), JSON.parse(given));
}

/** False also for what has no canonical form, because nobody can have signed it. */
export function isSignedBy(object: object, signer: string, keyId: string, publicKey: string): boolean {
  try {
    return verifySignedJson(object as JsonObject, signer, keyId, publicKey); // parsed from JSON
  } catch (error) {
    if (error instanceof CanonicalJsonError) return false;
    throw error;
  }
}

/** The signatures that one user has put under an object. */
export function signaturesOf(object: object, signer: string): Record<string, string> {
  const { signatures } = object as JsonObject; // parsed from JSON
  return asObject(asObject(signatures)[signer]) as Record<string, string>; // by the description
}
