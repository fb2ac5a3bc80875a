import type { KeyObject } from "node:crypto";
import { generateKeyPairSync, sign } from "node:crypto";
import { canonicalJson } from "../canonical-json.ts";
import type { JsonObject } from "../json.ts";
import { isObject } from "../json.ts";

/** A signing key as a client has one: https://spec.matrix.org/v1.19/appendices/#signing-json */
export interface SigningKey {
  /** Unpadded Base64. */
  readonly publicKey: string;
  sign(object: JsonObject, userId: string, keyId: string): JsonObject;
}

export function makeSigningKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const encoded = unpadded(publicKey.export({ format: "der", type: "spki" }).subarray(-32));
  return {
    publicKey: encoded,
    sign: (object, userId, keyId) => signed(object, privateKey, userId, `ed25519:${keyId}`),
  };
}

function signed(object: JsonObject, key: KeyObject, userId: string, keyId: string): JsonObject {
  const { signatures: before, unsigned: _unsigned, ...rest } = object;
  const signature = unpadded(sign(null, Buffer.from(canonicalJson(rest)), key));
  const all = isObject(before) ? before : {};
  const own = isObject(all[userId]) ? all[userId] : {};
  return { ...rest, signatures: { ...all, [userId]: { ...own, [keyId]: signature } } };
}

function unpadded(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll("=", "");
}
