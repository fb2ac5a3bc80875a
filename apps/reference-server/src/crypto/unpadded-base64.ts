/** Base64 without `=`: https://spec.matrix.org/v1.19/appendices/#unpadded-base64 */
export function encodeUnpaddedBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64").replace(/=+$/, "");
}

/** Null for what is no base64: padding is tolerated as the appendix asks, anything else is not. */
export function decodeUnpaddedBase64(text: string): Uint8Array | null {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  const bytes = Buffer.from(text, "base64");
  return encodeUnpaddedBase64(bytes) === text.replace(/=+$/, "") ? bytes : null;
}
