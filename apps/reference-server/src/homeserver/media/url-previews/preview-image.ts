import type { JsonObject } from "../../../json.ts";
import type { Platform } from "../../../platform.ts";
import { withTransaction } from "../../../storage/database.ts";
import type { Media } from "../media.ts";
import { contentUri, insertUploaded } from "../media-records.ts";
import { fetchPage } from "./fetch-page.ts";

/** A preview may be in use for longer than it is repeated. */
const keptMs = 30 * 24 * 3_600_000;

/** What a preview tells of a page's image, of which it has a copy, so that clients need not visit the page's server. */
export async function copyImage(home: Platform, media: Media, url: URL | null): Promise<JsonObject> {
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return {};
  const page = await fetchPage(home, url, "image/*");
  return typeof page === "string" ? {} : keepImage(home, media, page.response);
}

/** What is no image that we can look into is not passed on, whatever its type is said to be. */
export async function keepImage(home: Platform, { files, images }: Media, response: Response): Promise<JsonObject> {
  const stored = await files.write(new Uint8Array(await response.arrayBuffer()));
  try {
    const outcome = await images.run({ kind: "measure", source: await files.path(stored.file) });
    if (outcome.kind !== "measured") {
      await files.remove(stored.file);
      return {};
    }
    const contentType = `image/${outcome.format}`;
    const expiresAt = home.clock.now() + keptMs;
    const facts = { ...stored, contentType, fileName: null };
    const { mediaId } = await withTransaction(home.db, () => insertUploaded(home, facts, { userId: null, expiresAt }));
    return {
      "og:image": contentUri(home, mediaId),
      "og:image:type": contentType,
      "og:image:width": outcome.width,
      "og:image:height": outcome.height,
      "matrix:image:size": stored.size,
    };
  } catch (error) {
    await files.remove(stored.file);
    throw error;
  }
}
