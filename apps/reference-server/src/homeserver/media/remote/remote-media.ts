import { MatrixError } from "@matrix-openapi/server";
import type { Platform } from "../../../platform.ts";
import { withTransaction } from "../../../storage/database.ts";
import type { MediaFiles } from "../files/media-files.ts";
import { insertUploaded } from "../media-records.ts";
import type { UploadedMedia } from "../media-records.ts";
import { fetchRemoteFile } from "./fetch-remote-file.ts";
import type { RemotePlace } from "./fetch-remote-file.ts";

/** Each is in memory until it is on disk. */
const mostAtOnce = 8;
const keptMs = 30 * 24 * 3_600_000;

export type CopyRemoteMedia = (place: RemotePlace, waitMs: number) => Promise<UploadedMedia>;

/** A copy is among our own files, under a name that none of them has. */
export function copyId({ serverName, mediaId }: RemotePlace): string {
  return `${serverName}/${mediaId}`;
}

/** Copies files of other servers, each once, however many ask for it at the same time. */
export function remoteMediaCopier(platform: Platform, files: MediaFiles): CopyRemoteMedia {
  const underWay = new Map<string, Promise<UploadedMedia>>();

  async function copy(place: RemotePlace, waitMs: number): Promise<UploadedMedia> {
    const { bytes, ...facts } = await fetchRemoteFile(platform, place, waitMs);
    const stored = { ...(await files.write(bytes)), ...facts };
    const kept = { mediaId: copyId(place), userId: null, expiresAt: platform.clock.now() + keptMs };
    return withTransaction(platform.db, () => insertUploaded(platform, stored, kept));
  }

  return (place, waitMs) => {
    const key = `${copyId(place)}?${waitMs}`;
    let copying = underWay.get(key);
    if (copying === undefined) {
      if (underWay.size >= mostAtOnce) {
        throw new MatrixError(429, "M_LIMIT_EXCEEDED", "Too many files are being fetched: wait a second.", {
          retry_after_ms: 1000,
        });
      }
      copying = copy(place, waitMs).finally(() => underWay.delete(key));
      underWay.set(key, copying);
    }
    return copying;
  };
}
