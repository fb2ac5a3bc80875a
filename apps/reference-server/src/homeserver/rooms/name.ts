/** Whether a type, a state key or a transaction ID can be one here: PostgreSQL keeps no text with a NUL. */
export function isName(text: string): boolean {
  return !text.includes("\0");
}
