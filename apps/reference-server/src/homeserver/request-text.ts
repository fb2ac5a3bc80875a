import type { IncomingRequest } from "@matrix-openapi/server";

/** The body of a request; null where it is longer than `limit` bytes, or no UTF-8. */
export async function readText(incoming: IncomingRequest, limit: number): Promise<string | null> {
  const bytes = await incoming.readBody(limit);
  try {
    return bytes && new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
