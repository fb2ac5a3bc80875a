/** A JSON object whose fields are not known. */
export interface JsonObject {
  [key: string]: unknown;
}

/** Whether a value is a JSON object: neither null nor a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The fields of a value; none where it is no object. */
export function fieldsOf(value: unknown): [key: string, value: unknown][] {
  return isObject(value) ? Object.entries(value) : [];
}

/** The items of a value; none where it is no list. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : []; // isArray says any[]
}

/** The same object with another value under each key. */
export function mapValues<T>(value: unknown, change: (value: unknown, key: string) => T): Record<string, T> {
  return Object.fromEntries(fieldsOf(value).map(([key, field]) => [key, change(field, key)]));
}
