import { followRedirects } from "../../../outbound/follow-redirects.ts";
import { OutboundError } from "../../../outbound/outbound-fetch.ts";
import type { Platform } from "../../../platform.ts";

/** What a URL led to. */
export interface Page {
  /** After redirects; relative links start here. */
  readonly url: URL;
  readonly response: Response;
}

/** Visits a page as a browser would, except that every step goes through the guard; or why that does not work. */
export async function fetchPage(
  { config, fetch }: Pick<Platform, "config" | "fetch">,
  start: URL,
  accept: string,
): Promise<Page | OutboundError["reason"]> {
  try {
    const page = await followRedirects(fetch, start, {
      isForeign: true,
      headers: { accept, "accept-encoding": "identity", "user-agent": "matrix-reference-server (URL previews)" },
      maximumResponseBytes: config.media.urlPreviews.maximumBytes,
    });
    return page.response.ok ? page : "unreachable";
  } catch (error) {
    if (error instanceof OutboundError) return error.reason;
    throw error;
  }
}
