import type { RequestParameters } from "../request-input.ts";

/** SHA-256 of a body without its `auth`, to tell whether a client still asks for the same thing. */
export async function bodyDigest(body: unknown): Promise<string> {
  const { auth: _auth, ...rest } = (body ?? {}) as Record<string, unknown>; // bodies are JSON objects
  const bytes = new TextEncoder().encode(stableJson(rest));
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/** What a request is aimed at beside its operation: decoded path and query parameters. */
export function targetOf({ path, query }: RequestParameters): string {
  return stableJson({ path, query });
}

/** The same text for the same value, whatever the order of its keys. Nobody else reads it: no canonical JSON is needed. */
function stableJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stableJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, inner]) => inner !== undefined);
  const sorted = fields.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, inner]) => `${JSON.stringify(key)}:${stableJson(inner)}`).join(",")}}`;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
