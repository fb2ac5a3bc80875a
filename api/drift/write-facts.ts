import { isObject, type JsonObject } from "./json.ts";
import { KeyedList } from "./keyed-facts.ts";

/** The text of a file of facts: an object or list stands on one line where it fits into 120 columns. */
export function writeFacts(facts: unknown): string {
  return `${write(facts, 0, 0)}\n`;
}

function write(value: unknown, depth: number, used: number): string {
  const line = onOneLine(value);
  const isFlat = typeof value !== "object" || value === null || line.length === 2;
  if (isFlat || used + line.length < 119) return line;
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const indent = " ".repeat(depth + 1);
  const entries = Array.isArray(value)
    ? value.map((item) => ["", item as unknown] as const)
    : inTextOrder(value as JsonObject).map(([key, item]) => [`${JSON.stringify(key)}: `, item] as const); // not flat, no list
  const lines = entries.map(([key, item], index) => {
    const comma = index < entries.length - 1 ? "," : "";
    return `${indent}${key}${write(item, depth + 1, depth + 1 + key.length)}${comma}`;
  });
  return `${open}\n${lines.join("\n")}\n${" ".repeat(depth)}${close}`;
}

function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(", ")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{${inTextOrder(value)
    .map(([key, item]) => `${JSON.stringify(key)}: ${onOneLine(item)}`)
    .join(", ")}}`;
}

/** JavaScript puts keys that are numbers first; statuses such as `3XX` belong between them. */
function inTextOrder(value: JsonObject): [string, unknown][] {
  const entries = Object.entries(value);
  return entries.some(([key]) => /^\d+$/.test(key)) ? entries.toSorted(([a], [b]) => (a < b ? -1 : 1)) : entries;
}

/**
 * Upstream's facts, keyed, with keys in the order ours have, so that a file written anew differs only where a fact
 * does.
 */
export function inOurOrder(upstream: unknown, ours: unknown, container = ""): unknown {
  if (!isObject(upstream)) {
    return Array.isArray(upstream)
      ? upstream.map((item, index) => inOurOrder(item, Array.isArray(ours) ? (ours[index] as unknown) : undefined))
      : upstream;
  }
  const known = isObject(ours) ? ours : {};
  const names = Object.keys(upstream);
  const isList = upstream instanceof KeyedList;
  const isFields = container === "properties" || container === "patternProperties";
  const inOrder = isList ? names : isFields ? names.toSorted() : ordered(names, Object.keys(known));
  const entries = inOrder.map((name) => [name, inOurOrder(upstream[name], known[name], isFields ? "" : name)]);
  return Object.assign(isList ? new KeyedList() : {}, Object.fromEntries(entries));
}

/**
 * Known names as we have them; a new one goes where the alphabet puts it among sorted names, else where the form of a
 * schema does.
 */
function ordered(names: readonly string[], known: readonly string[]): string[] {
  const isSorted = known.length > 1 && known.every((name, index) => index === 0 || (known[index - 1] ?? "") < name);
  if (isSorted && !known.includes("type")) return names.toSorted();
  const result = known.filter((name) => names.includes(name));
  for (const name of names.toSorted((a, b) => rank(a) - rank(b))) {
    if (result.includes(name)) continue;
    const after = result.findLastIndex((other) => rank(other) <= rank(name));
    result.splice(after + 1, 0, name);
  }
  return result;
}

const form =
  "operationId method path source page tags name in title type format pattern patternInText enum default defaultInText deprecated addedIn changedIn addedInFrom required requiredSometimes requiredOneOf properties patternProperties additionalProperties items".split(
    " ",
  );

function rank(name: string): number {
  const index = form.indexOf(name);
  return index === -1 ? form.length : index;
}
