import { binary } from "@matrix-openapi/server";
import type { BinaryResult, ResultHeaders } from "@matrix-openapi/server";
import { create as contentDisposition } from "content-disposition";
import type { Handlers, Home } from "../home.ts";
import { isSafeInline } from "./content-type.ts";
import { cleanFileName } from "./file-name.ts";
import { streamFile } from "./files/media-files.ts";
import type { FindMedia } from "./find-media.ts";
import type { Media } from "./media.ts";
import type { UploadedMedia } from "./media-records.ts";

type Download = "getContent" | "getContentAuthed" | "getContentOverrideName" | "getContentOverrideNameAuthed";

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1mediadownloadservernamemediaid, also the old way */
export function downloadHandlers(home: Home, { files }: Media, findMedia: FindMedia): Handlers<Download> {
  const anybody = mayAnybodyHave(home);
  const send = async (media: UploadedMedia, fileName: string | null): Promise<BinaryResult<200>> => {
    const type = isSafeInline(media.contentType) ? "inline" : "attachment";
    return binary(200, media.contentType, streamFile(await files.path(media.file)), {
      ...contentHeaders(media.size, contentDisposition(fileName ?? undefined, { type })),
    });
  };
  return {
    async getContentAuthed(context) {
      const media = await findMedia(context);
      return send(media, media.fileName);
    },
    async getContent(context) {
      const media = await findMedia(context, anybody);
      return send(media, media.fileName);
    },
    async getContentOverrideNameAuthed(context) {
      return send(await findMedia(context), cleanFileName(context.params.path.fileName));
    },
    async getContentOverrideName(context) {
      return send(await findMedia(context, anybody), cleanFileName(context.params.path.fileName));
    },
  };
}

/** Whether a file uploaded at that time came before the freeze of the operations that need no token. */
export function mayAnybodyHave({ config }: Pick<Home, "config">): (uploadedAt: number) => boolean {
  const { freezeAt } = config.media;
  return (uploadedAt) => freezeAt === null || uploadedAt < freezeAt;
}

/** For whatever was uploaded, so that it does no harm in a browser; it never changes. */
export function contentHeaders(size: number, disposition: string): ResultHeaders {
  return {
    "Content-Length": String(size),
    "Content-Disposition": disposition,
    "Content-Security-Policy":
      "sandbox; default-src 'none'; script-src 'none'; plugin-types application/pdf; style-src 'unsafe-inline'; object-src 'self';",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, max-age=31536000, immutable",
  };
}
