import type { RequestParameters } from "../request-input.ts";

/** SHA-256 of a body's canonical JSON without its `auth`, to tell whether a client still asks for the same thing. */
export async function bodyDigest(body: unknown): Promise<string> {
  const { auth: _auth, ...rest } = (body ?? {}) as Record<string, unknown>; // bodies are JSON objects
  const bytes = new TextEncoder().encode(canonicalJson(rest));
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/** What a request is aimed at beside its operation: decoded path and query parameters. */
export function targetOf({ path, query }: RequestParameters): string {
  return canonicalJson({ path, query });
}

/** JSON with sorted keys and no spaces: https://spec.matrix.org/v1.19/appendices/#canonical-json */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, inner]) => inner !== undefined);
  const sorted = fields.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(",")}}`;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
