import type { JsonValue } from "@matrix-openapi/server";

/** A JSON object of which nothing else is known yet. */
export type JsonObject = { readonly [key: string]: JsonValue };

/** For what has been parsed from JSON, or is as plain: neither null nor an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The same of anything: what is no object has no fields. */
export function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** Those of the fields that are texts, and not empty: anybody may have written anything. */
export function textsIn(fields: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string" && entry[1] !== "",
    ),
  );
}

/** For what a request's validator has taken from JSON, and types from the description say is a shape of its own. */
export function asJson(value: object): JsonObject {
  return value as JsonObject;
}
