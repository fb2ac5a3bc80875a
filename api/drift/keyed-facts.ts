import { isObject, mapValues, type JsonObject } from "./json.ts";

/**
 * Facts whose lists of named things are maps from name to thing, so that both sides of a comparison find each other.
 */
export function keyedFacts(value: unknown): unknown {
  if (Array.isArray(value)) return keyedList(value);
  return isObject(value) ? mapValues(value, keyedFacts) : value;
}

/** The same facts with lists where lists were. */
export function listedFacts(value: unknown): unknown {
  if (value instanceof KeyedList) return Object.values(value).map(listedFacts);
  if (Array.isArray(value)) return value.map(listedFacts);
  return isObject(value) ? mapValues(value, listedFacts) : value;
}

/** A map that was a list. It is a class so that it can be told from a map that was one. */
export class KeyedList {
  readonly [name: string]: unknown;
}

function keyedList(list: readonly unknown[]): unknown {
  const names = list.map((item) => (isObject(item) ? nameOf(item) : undefined));
  if (list.length === 0 || names.includes(undefined) || new Set(names).size < names.length) {
    return list.map(keyedFacts);
  }
  return Object.assign(
    new KeyedList(),
    Object.fromEntries(list.map((item, index) => [names[index] ?? "", keyedFacts(item)])),
  );
}

/** An operation, error code, parameter or event by its name; undefined for what has none. */
function nameOf({ operationId, errcode, kinds, type, variant, in: place, name, at }: JsonObject): string | undefined {
  if (at !== undefined) return undefined; // facts from the text, several for each operation
  if (typeof operationId === "string") return operationId;
  if (typeof errcode === "string") return errcode;
  if (typeof place === "string") return `${place} ${String(name)}`;
  if (!Array.isArray(kinds)) return undefined;
  const form = isObject(variant) ? Object.values(variant).map((value) => `$${String(value)}`) : [];
  return [type, ...form].join("");
}
