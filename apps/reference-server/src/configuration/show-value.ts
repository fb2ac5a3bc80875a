/** Enough of a value to recognise it in a message; passwords in URLs are not for logs. */
export function showValue(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  const safe = text.replace(/\/\/[^\s"]+@/g, "//…@");
  return safe.length > 80 ? `${safe.slice(0, 77)}…` : safe;
}

/** For values that are not shown at all. */
export function nameKind(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "string" ? "a text" : `${typeof value === "object" ? "an" : "a"} ${typeof value}`;
}
