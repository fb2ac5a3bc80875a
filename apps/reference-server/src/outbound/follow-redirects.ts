import { OutboundError } from "./outbound-fetch.ts";
import type { OutboundFetch, OutboundRequest } from "./outbound-fetch.ts";

const mostRedirects = 5;

/** Goes to where a URL leads, each step through the guard; a redirect to nowhere is returned as it came. */
export async function followRedirects(
  fetch: OutboundFetch,
  start: string | URL,
  init?: OutboundRequest,
): Promise<{ readonly url: URL; readonly response: Response }> {
  let url = start;
  for (let step = 0; step <= mostRedirects; step++) {
    const response = await fetch(url, init);
    const location = response.status >= 300 && response.status < 400 ? response.headers.get("location") : null;
    const next = location === null ? null : URL.parse(location, url);
    if (next === null) return { url: new URL(url), response };
    url = next;
  }
  throw new OutboundError("unreachable", `${new URL(start).host} redirects more than ${mostRedirects} times`);
}
