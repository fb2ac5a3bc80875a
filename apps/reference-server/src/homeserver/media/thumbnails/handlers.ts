import { binary, error } from "@matrix-openapi/server";
import { create as contentDisposition } from "content-disposition";
import type { Handlers, Home } from "../../home.ts";
import { contentHeaders, mayAnybodyHave } from "../download.ts";
import { fileContent } from "../files/media-files.ts";
import { findMedia } from "../find-media.ts";
import type { Media } from "../media.ts";
import type { UploadedMedia } from "../media-records.ts";
import { chooseSize } from "./thumbnail-size.ts";

interface ThumbnailQuery {
  readonly width: number;
  readonly height: number;
  readonly method?: "scale" | "crop";
  readonly animated?: boolean;
}

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1mediathumbnailservernamemediaid, also the old way */
export function thumbnailHandlers(
  home: Home,
  { thumbnails }: Media,
): Handlers<"getContentThumbnail" | "getContentThumbnailAuthed"> {
  const anybody = mayAnybodyHave(home);

  async function send({ file }: UploadedMedia, { width, height, method = "scale", animated = false }: ThumbnailQuery) {
    const outcome = await thumbnails.find({ file, size: chooseSize(width, height, method), animated });
    switch (outcome.kind) {
      case "no-image":
        return error(
          400,
          "M_UNKNOWN",
          "There are thumbnails of JPEG, PNG, GIF and WebP images only: download the file.",
        );
      case "too-large":
        return error(413, "M_TOO_LARGE", "The image is too large for a thumbnail: download the file.");
      case "thumbnail": {
        const { path, format, bytes } = outcome;
        const disposition = contentDisposition(`thumbnail.${format}`, { type: "inline" });
        return binary(200, `image/${format}`, fileContent(path, bytes), contentHeaders(disposition));
      }
    }
  }

  return {
    async getContentThumbnailAuthed(context) {
      return send(await findMedia(home, context), context.params.query);
    },
    async getContentThumbnail(context) {
      return send(await findMedia(home, context, anybody), context.params.query);
    },
  };
}
