import { OutboundError } from "../../../outbound/outbound-fetch.ts";
import type { Platform } from "../../../platform.ts";

/** What a URL led to. */
export interface Page {
  /** After redirects; relative links start here. */
  readonly url: URL;
  readonly response: Response;
}

export type PageFailure =
  /** The address is private, or there is another reason not to go there. */
  | "refused"
  /** It is there, but larger than we look at. */
  | "too-large"
  | "unreachable";

const mostRedirects = 5;

/** Visits a page as a browser would, except that every step goes through the guard against private addresses. */
export async function fetchPage(
  { config, fetch }: Pick<Platform, "config" | "fetch">,
  start: URL,
  accept: string,
): Promise<Page | PageFailure> {
  let url = start;
  for (let step = 0; step <= mostRedirects; step++) {
    let response: Response;
    try {
      response = await fetch(url, {
        headers: { accept, "accept-encoding": "identity", "user-agent": "matrix-reference-server (URL previews)" },
        maximumResponseBytes: config.media.urlPreviews.maximumBytes,
      });
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      return error.reason === "refused" || error.reason === "too-large" ? error.reason : "unreachable";
    }
    if (response.ok) return { url, response };
    const location = response.headers.get("location");
    const next = response.status >= 300 && response.status < 400 ? URL.parse(location ?? "", url) : null;
    if (next === null) return "unreachable";
    url = next;
  }
  return "unreachable";
}
