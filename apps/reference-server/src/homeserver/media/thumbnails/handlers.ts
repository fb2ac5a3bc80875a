import { binary, error } from "@matrix-openapi/server";
import { create as contentDisposition } from "content-disposition";
import type { HandlerContext, Home, SomeHandlers } from "../../home.ts";
import { contentHeaders } from "../download.ts";
import { fileContent } from "../files/media-files.ts";
import type { FindMedia } from "../find-media.ts";
import type { Media } from "../media.ts";
import type { UploadedMedia } from "../media-records.ts";
import { chooseSize } from "./thumbnail-size.ts";

type Request = Pick<HandlerContext<"getContentThumbnailAuthed">, "params">;

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1mediathumbnailservernamemediaid, also the old way */
export function thumbnailHandlers(home: Home, { thumbnails }: Media, findMedia: FindMedia) {
  async function send({ params: { path: place, query } }: Request, { file }: UploadedMedia) {
    const { width, height, method = "scale", animated = false } = query;
    const outcome = await thumbnails.find({ file, size: chooseSize(width, height, method), animated });
    switch (outcome.kind) {
      case "no-image":
        return error(
          400,
          "M_UNKNOWN",
          "There are thumbnails of JPEG, PNG, GIF and WebP images only: download the file.",
        );
      case "too-large":
        return error(
          place.serverName === home.config.serverName ? 413 : 502,
          "M_TOO_LARGE",
          "The image is too large for a thumbnail: download the file.",
        );
      case "thumbnail": {
        const { path, format, bytes } = outcome;
        const disposition = contentDisposition(`thumbnail.${format}`, { type: "inline" });
        return binary(200, `image/${format}`, fileContent(path, bytes), contentHeaders(disposition));
      }
    }
  }

  return {
    getContentThumbnailAuthed: async (context) => send(context, await findMedia(context)),
    getContentThumbnail: async (context) => send(context, await findMedia(context, "openly")),
  } satisfies SomeHandlers;
}
