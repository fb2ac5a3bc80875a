/** The part of a user ID or an alias after its first colon; empty where there is none. */
export function serverNameOf(identifier: string): string {
  const colon = identifier.indexOf(":");
  return colon === -1 ? "" : identifier.slice(colon + 1);
}

/** https://spec.matrix.org/v1.19/appendices/#server-name */
export function isServerName(text: string): boolean {
  return /^(?:\[[0-9A-Fa-f:.]{2,45}\]|[0-9A-Za-z.-]{1,230})(?::[0-9]{1,5})?$/.test(text);
}

/** By what servers accept of each other, historical ones included: https://spec.matrix.org/v1.19/appendices/#user-identifiers */
export function isUserId(text: string): boolean {
  return text.startsWith("@") && isServerName(serverNameOf(text)) && Buffer.byteLength(text) <= 255;
}
