/** Enough of a value to recognise it in a message; passwords in URLs are not for logs. */
export function showValue(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  const safe = text.replace(/\/\/[^\s"]+@/g, "//…@");
  return safe.length > 80 ? `${safe.slice(0, 77)}…` : safe;
}
