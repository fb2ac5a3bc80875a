import type { IncomingRequest } from "./api.ts";
import type { ErrcodeChoice } from "./description.ts";
import { MatrixError, tooLarge } from "./matrix-error.ts";

/** How much JSON is accepted. */
export interface JsonLimits {
  readonly bytes: number;
  readonly depth: number;
}

type JsonObject = Record<string, unknown>;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads the JSON object in a request's body; undefined if the body is empty. Matrix has always taken JSON without a
 * Content-Type, so only a stated charset other than UTF-8 counts.
 */
export async function readJsonObject(
  incoming: IncomingRequest,
  limits: JsonLimits,
  errcodes: ErrcodeChoice,
): Promise<JsonObject | undefined> {
  const bytes = await incoming.readBody(limits.bytes).catch(() => {
    throw new MatrixError(400, "M_NOT_JSON", "The connection ended before the body did.");
  });
  if (bytes === null) throw tooLarge(limits.bytes);
  if (bytes.length === 0) return undefined;
  const value = parse(bytes, incoming.header("content-type"));
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new MatrixError(400, errcodes.badJson, `The body is ${kindOf(value)}, expected a JSON object.`);
  }
  const fault = findFault(value, limits.depth);
  if (fault !== null) throw new MatrixError(400, errcodes.badJson, fault);
  return value as JsonObject; // neither null nor an array
}

/** Names what kind of JSON value something is, to say so without repeating the value. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return "an array";
  if (Number.isInteger(value)) return "an integer";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function parse(bytes: Uint8Array, contentType: string | null): unknown {
  const charset = contentType === null ? undefined : /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1];
  if (charset !== undefined && !/^(utf-?8|us-ascii)$/i.test(charset)) {
    throw new MatrixError(400, "M_NOT_JSON", "The body is in another charset than UTF-8: send JSON in UTF-8.");
  }
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    throw new MatrixError(400, "M_NOT_JSON", "The body is not JSON in UTF-8: send one JSON object.");
  }
}

/**
 * What is wrong with a value that any schema would let pass: nesting that recursive code would not survive, a key that
 * reaches for prototypes, and strings that are no Unicode because half of a surrogate pair was escaped.
 */
function findFault(value: unknown, levels: number): string | null {
  if (typeof value === "string") {
    return value.isWellFormed() ? null : "The body has a string with half of a surrogate pair: send valid Unicode.";
  }
  if (typeof value !== "object" || value === null) return null;
  if (levels === 0) return "The body is nested too deeply: flatten it.";
  if (Array.isArray(value)) {
    for (const item of value) {
      const fault = findFault(item, levels - 1);
      if (fault !== null) return fault;
    }
    return null;
  }
  for (const key of Object.keys(value)) {
    if (key === "__proto__") return 'The body has a key "__proto__", which is not accepted: remove it.';
    const fault = findFault(key, levels) ?? findFault((value as JsonObject)[key], levels - 1); // an object, see above
    if (fault !== null) return fault;
  }
  return null;
}
