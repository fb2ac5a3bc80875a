/**
 * What a room shows of an address that was invited: enough for who knows it, too little for who does not.
 * https://spec.matrix.org/v1.19/identity-service-api/#post_matrixidentityv2store-invite
 */
export function displayNameOf(email: string): string {
  return email.split("@").map(shorten).join("@");
}

/** At least three quarters of each half stay hidden. */
function shorten(part: string): string {
  const characters = [...part];
  return `${characters.slice(0, Math.min(3, Math.floor(characters.length / 4))).join("")}...`;
}
