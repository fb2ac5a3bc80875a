import type { JsonValue } from "@matrix-openapi/server";

/** What a value has that canonical JSON cannot carry. */
export class CanonicalJsonError extends Error {
  override readonly name = "CanonicalJsonError";
}

/** The one byte sequence that signatures are made over: https://spec.matrix.org/v1.19/appendices/#canonical-json */
export function canonicalJson(value: JsonValue): string {
  return write(value, "$");
}

function write(value: JsonValue, path: string): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return writeNumber(value, path);
  if (typeof value === "string") return writeString(value, path);
  // isArray does not narrow readonly arrays
  if (Array.isArray(value))
    return `[${(value as readonly JsonValue[]).map((item, i) => write(item, `${path}[${i}]`)).join(",")}]`;
  if (typeof value !== "object") {
    throw new CanonicalJsonError(
      `${path} is ${typeof value}; canonical JSON has null, booleans, integers, strings, arrays, objects`,
    );
  }
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([left], [right]) => compareCodePoints(left, right))
    .map(([key, member]) => `${writeString(key, path)}:${write(member, `${path}.${key}`)}`);
  return `{${members.join(",")}}`;
}

function writeNumber(value: number, path: string): string {
  if (!Number.isSafeInteger(value)) {
    throw new CanonicalJsonError(`${path} is ${value}; canonical JSON has integers from -(2^53)+1 to (2^53)-1 only`);
  }
  return String(value + 0); // -0 is written 0
}

function writeString(value: string, path: string): string {
  if (!value.isWellFormed())
    throw new CanonicalJsonError(`${path} holds half a surrogate pair, which UTF-8 cannot carry`);
  return JSON.stringify(value);
}

/** JavaScript sorts by UTF-16 unit, which puts U+1F600 before U+FF61; the rule says code points. */
function compareCodePoints(left: string, right: string): number {
  if (!surrogates.test(left) && !surrogates.test(right)) return left < right ? -1 : Number(left > right);
  const a = [...left];
  const b = [...right];
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i]?.codePointAt(0) ?? 0) - (b[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

const surrogates = /[\ud800-\udfff]/;
