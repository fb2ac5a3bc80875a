const escape = "\uFDD0";
const nul = "\uFDD1";

/**
 * PostgreSQL's text cannot have the character NUL, which a client may send anywhere. It is kept as two characters that
 * Unicode has for no text: https://www.unicode.org/faq/private_use.html#noncharacters
 */
export function toPostgresText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toPostgresText);
  if (typeof value !== "string" || !(value.includes("\0") || value.includes(escape))) return value;
  return value.replaceAll(/[\0\uFDD0]/g, (character) => escape + (character === "\0" ? nul : escape));
}

export function toText(kept: string): string {
  if (!kept.includes(escape)) return kept;
  return kept.replaceAll(/\uFDD0(.)/gs, (_, character) => (character === nul ? "\0" : character));
}
