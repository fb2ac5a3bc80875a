/** A third-party identifier: an email address, or a phone number in digits with its country code. */
export interface Threepid {
  readonly medium: "email" | "msisdn";
  readonly address: string;
}

/** What the server's `hash_details` say. */
export interface HashDetails {
  readonly pepper: string;
  /** `none` shows the server every address that is looked up. */
  readonly algorithm: "sha256" | "none";
}

/**
 * Writes an identifier as a lookup sends it, with email addresses case-folded as the server stores them.
 * https://spec.matrix.org/v1.19/identity-service-api/#client-behaviour
 */
export async function hashThreepid({ address, medium, pepper, algorithm }: Threepid & HashDetails): Promise<string> {
  const folded = medium === "email" ? foldCase(address) : address;
  if (algorithm === "none") return `${folded} ${medium}`;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${folded} ${medium} ${pepper}`));
  return urlSafeBase64(new Uint8Array(digest));
}

/**
 * Folds the case of an email address. https://spec.matrix.org/v1.19/appendices/#email
 * JavaScript has no case folding. Lower, upper, lower does it for one character at a time, since a sigma at the end of a
 * word has a form of its own; only the dotless i would become an ordinary one.
 */
function foldCase(address: string): string {
  return [...address]
    .map((character) => (character === "ı" ? character : character.toLowerCase().toUpperCase().toLowerCase()))
    .join("");
}

function urlSafeBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}
