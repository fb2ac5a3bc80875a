import { binary } from "@matrix-openapi/server";
import type { BinaryResult, ResultHeaders } from "@matrix-openapi/server";
import { create as contentDisposition } from "content-disposition";
import type { SomeHandlers } from "../home.ts";
import { isSafeInline } from "./content-type.ts";
import { cleanFileName } from "./file-name.ts";
import { fileContent } from "./files/media-files.ts";
import type { FindMedia } from "./find-media.ts";
import type { Media } from "./media.ts";
import type { UploadedMedia } from "./media-records.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1mediadownloadservernamemediaid, also the old way */
export function downloadHandlers({ files }: Media, findMedia: FindMedia) {
  const send = async (media: UploadedMedia, named?: string): Promise<BinaryResult<200>> => {
    const fileName = named === undefined ? media.fileName : cleanFileName(named);
    const type = isSafeInline(media.contentType) ? "inline" : "attachment";
    const content = fileContent(await files.path(media.file), media.size);
    return binary(200, media.contentType, content, contentHeaders(contentDisposition(fileName ?? undefined, { type })));
  };
  return {
    getContentAuthed: async (context) => send(await findMedia(context)),
    getContent: async (context) => send(await findMedia(context, "openly")),
    getContentOverrideNameAuthed: async (context) => send(await findMedia(context), context.params.path.fileName),
    getContentOverrideName: async (context) => send(await findMedia(context, "openly"), context.params.path.fileName),
  } satisfies SomeHandlers;
}

/** For whatever was uploaded, so that it does no harm in a browser; it never changes. */
export function contentHeaders(disposition: string): ResultHeaders {
  return {
    "Content-Disposition": disposition,
    "Content-Security-Policy":
      "sandbox; default-src 'none'; script-src 'none'; plugin-types application/pdf; style-src 'unsafe-inline'; object-src 'self';",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, max-age=31536000, immutable",
  };
}
