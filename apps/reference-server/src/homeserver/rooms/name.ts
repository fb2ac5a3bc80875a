/** Whether a type, a state key or a transaction ID can be one here: few servers keep a NUL, and nobody means one. */
export function isName(text: string): boolean {
  return !text.includes("\0");
}
