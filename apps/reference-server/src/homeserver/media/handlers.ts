import { ok } from "@matrix-openapi/server";
import type { Home, SomeHandlers } from "../home.ts";
import { downloadHandlers } from "./download.ts";
import { mediaFinder } from "./find-media.ts";
import type { Media } from "./media.ts";
import { thumbnailHandlers } from "./thumbnails/handlers.ts";
import { uploadHandlers } from "./upload.ts";
import { urlPreviewHandlers } from "./url-previews/handlers.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#content-repository */
export function mediaHandlers(home: Home, media: Media) {
  const limits = () => ok({ "m.upload.size": home.config.media.maximumUploadBytes });
  const findMedia = mediaFinder(home, media);
  return {
    ...uploadHandlers(home, media),
    ...downloadHandlers(media, findMedia),
    ...thumbnailHandlers(home, media, findMedia),
    ...urlPreviewHandlers(home, media),
    getConfig: limits,
    getConfigAuthed: limits,
  } satisfies SomeHandlers;
}
