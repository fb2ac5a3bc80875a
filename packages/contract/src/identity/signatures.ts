import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { canonicalJson } from "../canonical-json.ts";
import type { JsonObject } from "../json.ts";
import { isObject } from "../json.ts";

interface Signature {
  readonly serverName: string;
  readonly keyId: string;
  readonly value: string;
}

/** Every signature an object carries: https://spec.matrix.org/v1.19/appendices/#signing-json */
export function signaturesOf(object: JsonObject): readonly Signature[] {
  const { signatures } = object;
  if (!isObject(signatures)) return [];
  return Object.entries(signatures).flatMap(([serverName, byKey]) =>
    Object.entries(isObject(byKey) ? byKey : {}).flatMap(([keyId, value]) =>
      typeof value === "string" ? [{ serverName, keyId, value }] : [],
    ),
  );
}

/** Checks one signature; false, never an exception, for what is no key or no signature. */
export function isSignedBy(object: JsonObject, signature: Signature, publicKey: string): boolean {
  const { signatures: _signatures, unsigned: _unsigned, ...signed } = object;
  try {
    const x = Buffer.from(publicKey, "base64").toString("base64url");
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    return verify(null, Buffer.from(canonicalJson(signed)), key, Buffer.from(signature.value, "base64"));
  } catch {
    return false;
  }
}

interface KeyPair {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** A key pair in the form that Matrix passes keys around in: 32 bytes each, in unpadded Base64. */
export function makeKeyPair(): KeyPair {
  const { x = "", d = "" } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  return { publicKey: unpadded(x), privateKey: unpadded(d) };
}

function unpadded(base64url: string): string {
  return Buffer.from(base64url, "base64url").toString("base64").replaceAll("=", "");
}
