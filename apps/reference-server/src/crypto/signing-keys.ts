import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { asObject } from "../json.ts";
import type { JsonObject } from "../json.ts";
import { canonicalJson } from "./canonical-json.ts";
import { decodeUnpaddedBase64, encodeUnpaddedBase64 } from "./unpadded-base64.ts";

/** An ed25519 key pair with its Matrix key ID: https://spec.matrix.org/v1.19/appendices/#cryptographic-key-representation */
export interface SigningKey {
  /** `ed25519:version` */
  readonly keyId: string;
  /** Unpadded base64 of the 32 bytes. */
  readonly publicKey: string;
  sign(message: string): string;
}

/** A signed object carries its signatures by server name, then key ID. */
type Signed<T extends JsonObject> = T & {
  readonly signatures: { readonly [serverName: string]: { readonly [keyId: string]: string } };
};

/** The seed is the private key in the form Matrix passes it around: 32 bytes, unpadded base64. */
export function signingKeyFromSeed(seed: Uint8Array, version: string): SigningKey {
  if (seed.length !== 32) throw new Error(`an ed25519 seed has 32 bytes, this one has ${seed.length}`);
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: "der", type: "pkcs8" });
  return {
    keyId: `ed25519:${version}`,
    publicKey: encodeUnpaddedBase64(rawPublicKey(privateKey)),
    sign: (message) => encodeUnpaddedBase64(sign(null, Buffer.from(message, "utf8"), privateKey)),
  };
}

/** Signs everything but `signatures` and `unsigned`: https://spec.matrix.org/v1.19/appendices/#signing-json */
export function signJson<T extends JsonObject>(object: T, serverName: string, key: SigningKey): Signed<T> {
  const { signatures, unsigned: _unsigned, ...signedPart } = object;
  const earlier = asObject(signatures);
  const ours = { ...asObject(earlier[serverName]), [key.keyId]: key.sign(canonicalJson(signedPart)) };
  // by way of unknown, because TypeScript cannot see that a T whose `signatures` is replaced is still a T
  return { ...object, signatures: { ...earlier, [serverName]: ours } } as unknown as Signed<T>;
}

/** Checks one signature of an object: https://spec.matrix.org/v1.19/appendices/#checking-for-a-signature */
export function verifySignedJson(object: JsonObject, serverName: string, keyId: string, publicKey: string): boolean {
  const { signatures, unsigned: _unsigned, ...signedPart } = object;
  const signature = asObject(asObject(signatures)[serverName])[keyId];
  return typeof signature === "string" && verifyMessage(canonicalJson(signedPart), signature, publicKey);
}

/** False, never an exception, for keys and signatures that are no base64 or have the wrong length. */
export function verifyMessage(message: string, signature: string, publicKey: string): boolean {
  const key = decodeUnpaddedBase64(publicKey);
  const bytes = decodeUnpaddedBase64(signature);
  if (key?.length !== 32 || bytes?.length !== 64) return false;
  try {
    const keyObject = createPublicKey({ key: Buffer.concat([spkiPrefix, key]), format: "der", type: "spki" });
    return verify(null, Buffer.from(message, "utf8"), keyObject, bytes);
  } catch {
    return false; // 32 bytes that are no point on the curve
  }
}

/** node:crypto reads keys as DER only; for ed25519 that is a fixed prefix before the 32 bytes (RFC 8410). */
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");
const spkiPrefix = Buffer.from("302a300506032b6570032100", "hex");

function rawPublicKey(privateKey: KeyObject): Uint8Array {
  return createPublicKey(privateKey).export({ format: "der", type: "spki" }).subarray(spkiPrefix.length);
}
