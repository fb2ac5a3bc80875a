import { MatrixError } from "@matrix-openapi/server";
import type { Platform } from "../../platform.ts";
import { startDeadline } from "../../process/deadline.ts";
import { streamPosition, waitForStream } from "../../storage/stream.ts";
import type { Media } from "./media.ts";
import { findMediaRow, uploadedMedia } from "./media-records.ts";
import type { MediaRow, UploadedMedia } from "./media-records.ts";
import { copyId, remoteMediaCopier } from "./remote/remote-media.ts";

/** What a download or a thumbnail asks for. */
interface MediaRequest {
  readonly params: {
    readonly path: { readonly serverName: string; readonly mediaId: string };
    readonly query: { readonly timeout_ms?: number; readonly allow_remote?: boolean };
  };
  readonly signal: AbortSignal;
}

/** Throws what is answered where there is no such file, or none for those who ask `openly`, without a token. */
export type FindMedia = (request: MediaRequest, openly?: "openly") => Promise<UploadedMedia>;

const defaultWaitMs = 20_000;
const longestWaitMs = 60_000;

/**
 * Finds the file of a content URI, waiting for its upload if need be; of another server, a copy, which is made for the
 * first who asks. https://spec.matrix.org/v1.19/client-server-api/#content-repo-client-behaviour
 */
export function mediaFinder(home: Platform, { files }: Media): FindMedia {
  const { clock, config, db } = home;
  const copyRemote = remoteMediaCopier(home, files);
  const icons = new Set(config.sso.providers.map(({ icon }) => icon));
  return async ({ params: { path, query }, signal }, openly) => {
    const isForAll = openly === undefined || icons.has(`mxc://${path.serverName}/${path.mediaId}`);
    const isOurs = path.serverName === config.serverName;
    const waitMs = Math.min(query.timeout_ms ?? defaultWaitMs, longestWaitMs);
    const timeLeft = startDeadline(clock, waitMs);
    for (let position: number | undefined; ; position = await streamPosition(db)) {
      const row = await findMediaRow(home, isOurs ? path.mediaId : copyId(path));
      if (!isForAll && isFrozen(config, row?.uploaded_at ?? clock.now())) throw notFound();
      if (row === undefined && !isOurs && query.allow_remote !== false) return copyRemote(path, waitMs);
      if (row === undefined) throw notFound();
      const found = uploadedMedia(row);
      if (found !== null) return found;
      const timeoutMs = timeLeft();
      if (timeoutMs <= 0 || signal.aborted) throw notYetUploaded(row);
      if (position !== undefined) await waitForStream(db, position, { timeoutMs, signal });
    }
  };
}

/** Whether what was uploaded then takes a token: https://spec.matrix.org/v1.19/client-server-api/#content-repo-client-behaviour */
function isFrozen({ media: { freezeAt } }: Platform["config"], uploadedAt: number): boolean {
  return freezeAt !== null && uploadedAt >= freezeAt;
}

function notFound(): MatrixError {
  return new MatrixError(
    404,
    "M_NOT_FOUND",
    "There is no such file, or it is not for those without an access token, or not to be fetched from its server.",
  );
}

function notYetUploaded({ created_at: createdAt }: MediaRow): MatrixError {
  const since = new Date(createdAt).toISOString();
  return new MatrixError(504, "M_NOT_YET_UPLOADED", `The file is announced since ${since}, but has not come yet.`);
}
