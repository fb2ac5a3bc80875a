import { error, MatrixError, ok } from "@matrix-openapi/server";
import type { JsonObject } from "../../../json.ts";
import type { Home, SomeHandlers } from "../../home.ts";
import { shareWork } from "../../share-work.ts";
import type { Media } from "../media.ts";
import { decodeHtml } from "./decode-html.ts";
import { fetchPage } from "./fetch-page.ts";
import type { Page } from "./fetch-page.ts";
import { findKeptPreview, keepPreview } from "./kept-previews.ts";
import { copyImage, keepImage } from "./preview-image.ts";

const mostVisits = 20;

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1mediapreview_url, also the old way */
export function urlPreviewHandlers(home: Home, media: Media) {
  /** However many ask for a page at the same time, its server gets one visit. */
  const share = shareWork<JsonObject>(mostVisits);

  async function preview(query: { readonly url: string; readonly ts?: number }) {
    const url = URL.parse(query.url);
    if (url === null || !isOfPage(url)) {
      return error(400, "M_INVALID_PARAM", "The URL is none of a page: send one that begins with https:// or http://.");
    }
    url.hash = "";
    const kept = await findKeptPreview(home, url.href, query.ts ?? home.clock.now());
    return ok(kept ?? (await share(url.href, () => visitPage(home, media, url))));
  }

  return {
    getUrlPreview: ({ params }) => preview(params.query),
    getUrlPreviewAuthed: ({ params }) => preview(params.query),
  } satisfies SomeHandlers;
}

/** Longer ones are no links that people send, and no keys for every database. */
const longestUrl = 2048;

function isOfPage({ href, protocol, username, password }: URL): boolean {
  return /^https?:$/.test(protocol) && username === "" && password === "" && href.length <= longestUrl;
}

async function visitPage(home: Home, media: Media, url: URL): Promise<JsonObject> {
  // Another visit may have ended since the caller looked.
  const kept = await findKeptPreview(home, url.href, home.clock.now());
  if (kept !== undefined) return kept;
  const page = await fetchPage(home, url, "text/html, application/xhtml+xml, image/*;q=0.5");
  if (page === "refused") {
    throw new MatrixError(403, "M_FORBIDDEN", "The page is at an address that this server does not visit.");
  }
  if (typeof page === "string" && page !== "too-large") {
    throw new MatrixError(404, "M_NOT_FOUND", "The page cannot be reached: look at the URL, or try again later.");
  }
  const preview = page === "too-large" ? {} : await describePage(home, media, page);
  await keepPreview(home, url.href, preview);
  return preview;
}

/** Empty for what is neither a page nor an image. */
async function describePage(home: Home, media: Media, { url, response }: Page): Promise<JsonObject> {
  const contentType = response.headers.get("content-type") ?? "";
  if (/^image\//i.test(contentType)) return keepImage(home, media, response);
  if (!/^(text\/html|application\/xhtml\+xml)\b/i.test(contentType)) return {};
  const { readPage } = await import("./read-page.ts"); // the parser is loaded by those only who use it
  const { properties, image } = readPage(decodeHtml(new Uint8Array(await response.arrayBuffer()), contentType));
  return { ...properties, ...(await copyImage(home, media, image === null ? null : URL.parse(image, url))) };
}
