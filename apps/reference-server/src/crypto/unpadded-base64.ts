/** Base64 without `=`: https://spec.matrix.org/v1.19/appendices/#unpadded-base64 */
export function encodeUnpaddedBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64").replace(/=+$/, "");
}

/** Null for what is no base64. Padding and stray last bits are tolerated: the specification's own test key has them. */
export function decodeUnpaddedBase64(text: string): Uint8Array | null {
  const isBase64 = /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.replace(/=+$/, "").length % 4 !== 1;
  return isBase64 ? Buffer.from(text, "base64") : null;
}
