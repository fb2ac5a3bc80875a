import { MIMEType } from "node:util";

const unknownType = "application/octet-stream";

/** The type that a file is stored with: unknown where it is plainly wrong. */
export function readContentType(header: string | null): string {
  if (header === null || header.length > 255) return unknownType;
  try {
    return String(new MIMEType(header));
  } catch {
    return unknownType;
  }
}

/** Types that do no harm inside of a page: https://spec.matrix.org/v1.19/client-server-api/#serving-inline-content */
export function isSafeInline(contentType: string): boolean {
  return safeTypes.has(new MIMEType(contentType).essence);
}

const safeTypes = new Set([
  "text/css",
  "text/plain",
  "text/csv",
  "application/json",
  "application/ld+json",
  ...["jpeg", "gif", "png", "apng", "webp", "avif"].map((format) => `image/${format}`),
  ...["mp4", "webm", "ogg", "quicktime"].map((format) => `video/${format}`),
  ...["mp4", "webm", "aac", "mpeg", "ogg", "wave", "wav", "x-wav", "x-pn-wav", "flac", "x-flac"].map(
    (format) => `audio/${format}`,
  ),
]);
