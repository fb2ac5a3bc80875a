/**
 * The one form in which an email address is stored, hashed, compared and written to, so that `Alice@` and `alice@` are
 * one mailbox everywhere; null where the text is no address. Send mail to this form only: whoever gets it must be
 * whoever is found by it. https://spec.matrix.org/v1.19/appendices/#3pid-types
 */
export function canonicalEmail(text: string): string | null {
  const address = foldCase(text.trim());
  const [, local, domain] = /^([^@]+)@([^@]+)$/.exec(address) ?? [];
  if (local === undefined || domain === undefined) return null;
  if (Buffer.byteLength(address) > 254 || Buffer.byteLength(local) > 64) return null; // the limits of SMTP
  return localPart.test(local) && domainName.test(domain) ? address : null;
}

/** What needs no quotes; a quoted local part is legal, unused, and the way to smuggle a second address into a header. */
const localPart = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const domainName = /^(?!-)[\p{L}\p{M}\p{N}-]{1,63}(?<!-)(?:\.(?!-)[\p{L}\p{M}\p{N}-]{1,63}(?<!-))*$/u;

/**
 * Full case folding (`Strauß` and `STRAUSS` are one). Character by character, because JavaScript otherwise writes a
 * final sigma differently; the dotless i has no other case, and its capital would make it an ordinary i.
 */
function foldCase(text: string): string {
  return [...lower(text)].map((character) => (character === "ı" ? character : lower(character.toUpperCase()))).join("");
}

function lower(text: string): string {
  return [...text].map((character) => character.toLowerCase()).join("");
}
