import { isObject } from "../json.ts";
import type { JsonObject } from "../json.ts";
import { OutboundError } from "./outbound-fetch.ts";
import type { OutboundFetch, OutboundRequest } from "./outbound-fetch.ts";

/** The JSON object that a request is answered with; whatever else happens is an OutboundError. */
export async function fetchObject(fetch: OutboundFetch, url: string, init?: OutboundRequest): Promise<JsonObject> {
  const response = await fetch(url, init);
  const body: unknown = response.ok ? await response.json().catch(() => undefined) : undefined;
  if (isObject(body)) return body;
  throw new OutboundError("unreachable", `${new URL(url).host} answered ${response.status} without a JSON object`);
}
