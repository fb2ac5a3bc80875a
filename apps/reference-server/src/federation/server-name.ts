/** Host and optional port: https://spec.matrix.org/v1.19/appendices/#server-name */
const serverName = /^(?:\[[0-9A-Fa-f:.]{2,45}\]|[0-9A-Za-z.-]{1,255})(?::[0-9]{1,5})?$/;

/** The homeserver of a user ID; null where the ID names none, so that a URL is never made of anything else. */
export function serverNameOf(userId: string): string | null {
  const colon = userId.indexOf(":");
  const name = userId.slice(colon + 1);
  return userId.startsWith("@") && colon > 0 && isServerName(name) ? name : null;
}

export function isServerName(name: string): boolean {
  return serverName.test(name);
}
