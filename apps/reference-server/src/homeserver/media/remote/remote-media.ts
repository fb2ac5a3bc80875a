import type { Platform } from "../../../platform.ts";
import { withTransaction } from "../../../storage/database.ts";
import { shareWork } from "../../share-work.ts";
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
  const share = shareWork<UploadedMedia>(mostAtOnce);

  async function copy(place: RemotePlace, waitMs: number): Promise<UploadedMedia> {
    const { bytes, ...facts } = await fetchRemoteFile(platform, place, waitMs);
    const stored = { ...(await files.write(bytes)), ...facts };
    const kept = { mediaId: copyId(place), userId: null, expiresAt: platform.clock.now() + keptMs };
    return withTransaction(platform.db, () => insertUploaded(platform, stored, kept));
  }

  return (place, waitMs) => share(`${copyId(place)}?${waitMs}`, () => copy(place, waitMs));
}
