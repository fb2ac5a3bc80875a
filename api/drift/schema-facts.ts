import type { Documents } from "./follow-refs.ts";
import { fieldsOf, isObject, itemsOf, mapValues, type JsonObject } from "./json.ts";
import { textHints } from "./text-hints.ts";

/** A schema as plain facts: every `$ref` followed, every `allOf` merged, no words. */
export function schemaFacts(documents: Documents, written: unknown): JsonObject {
  const { allOf, ...own } = documents.follow(written);
  const parts = itemsOf(allOf).map((part) => schemaFacts(documents, part));
  return [...parts, ownFacts(documents, own)].reduce(merge, {});
}

/** The versions in which something was added or changed. */
export function versionFacts(node: JsonObject): JsonObject {
  const { "x-addedInMatrixVersion": added, "x-changedInMatrixVersion": changed } = node;
  return {
    ...(added !== undefined && { addedIn: String(added) }),
    ...(isObject(changed) && { changedIn: Object.keys(changed) }),
  };
}

function ownFacts(documents: Documents, node: JsonObject): JsonObject {
  const nested = (schema: unknown): JsonObject => schemaFacts(documents, schema);
  const facts: JsonObject = { ...versionFacts(node), ...textHints(node) };
  for (const [key, value] of fieldsOf(node)) {
    if (sets.has(key) && Array.isArray(value)) facts[key] = sortedSet(value);
    else if (kept.has(key)) facts[key] = value;
    else if (key === "x-pattern-format") facts["patternFormat"] = value;
    else if (key === "properties" || key === "patternProperties") facts[key] = mapValues(value, nested);
    else if (key === "items" || key === "propertyNames") facts[key] = nested(value);
    else if (key === "additionalProperties") facts[key] = value === true ? {} : isObject(value) ? nested(value) : value;
    else if (key === "oneOf" || key === "anyOf") facts[key] = itemsOf(value).map(nested);
  }
  return facts;
}

const sets = new Set(["type", "required", "enum"]);

/** Keys that are facts as they stand. */
const kept = new Set(
  "title type format pattern default deprecated const minimum maximum minLength maxLength minItems maxItems uniqueItems minProperties maxProperties".split(
    " ",
  ),
);

/** The later part wins, except that properties and requirements add up. */
function merge(earlier: JsonObject, later: JsonObject): JsonObject {
  const merged: JsonObject = { ...earlier };
  for (const [key, value] of Object.entries(later)) {
    const before = merged[key];
    if (key === "required" && before !== undefined) merged[key] = sortedSet([...itemsOf(before), ...itemsOf(value)]);
    else if (isObject(before) && isObject(value)) merged[key] = merge(before, value);
    else merged[key] = value;
  }
  return merged;
}

function sortedSet(values: readonly unknown[]): unknown[] {
  return [...new Set(values)].toSorted((a, b) => (String(a) < String(b) ? -1 : 1));
}
