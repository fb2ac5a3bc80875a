/** Longer than any file system takes. */
const longest = 255;

/** A name that a header and any database can hold: without control characters, and of bearable length. */
export function cleanFileName(name: string): string {
  return [...name.replace(/\p{Cc}/gu, "_")].slice(0, longest).join("");
}
