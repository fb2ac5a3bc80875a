import { createHash } from "node:crypto";

/** https://spec.matrix.org/v1.19/identity-service-api/#hashing-address-medium-pepper */
export function lookupHash(address: string, medium: string, pepper: string): string {
  return createHash("sha256").update(`${address} ${medium} ${pepper}`, "utf8").digest("base64url");
}
