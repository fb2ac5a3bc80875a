import { MatrixError } from "@matrix-openapi/server";
import type { Platform } from "../../platform.ts";
import { startDeadline } from "../../process/deadline.ts";
import { streamPosition, waitForStream } from "../../storage/stream.ts";
import { findMediaRow, uploadedMedia } from "./media-records.ts";
import type { MediaRow, UploadedMedia } from "./media-records.ts";

/** What a download or a thumbnail asks for. */
export interface MediaRequest {
  readonly params: {
    readonly path: { readonly serverName: string; readonly mediaId: string };
    readonly query: { readonly timeout_ms?: number };
  };
  readonly signal: AbortSignal;
}

const defaultWaitMs = 20_000;
const longestWaitMs = 60_000;

/**
 * The file of a content URI, waiting for its upload if need be. Throws what is answered where there is none: also for
 * files of other servers, none of which are fetched here.
 * https://spec.matrix.org/v1.19/client-server-api/#content-repo-client-behaviour
 */
export async function findMedia(
  home: Platform,
  request: MediaRequest,
  isVisible: (uploadedAt: number) => boolean = () => true,
): Promise<UploadedMedia> {
  const { path, query } = request.params;
  const timeLeft = startDeadline(home.clock, Math.min(query.timeout_ms ?? defaultWaitMs, longestWaitMs));
  for (let position: number | undefined; ; position = await streamPosition(home.db)) {
    const row = path.serverName === home.config.serverName ? await findMediaRow(home, path.mediaId) : undefined;
    if (row === undefined || !isVisible(row.uploaded_at ?? home.clock.now())) throw notFound(home, path.serverName);
    const found = uploadedMedia(row);
    if (found !== null) return found;
    const timeoutMs = timeLeft();
    if (timeoutMs <= 0 || request.signal.aborted) throw notYetUploaded(row);
    if (position !== undefined) await waitForStream(home.db, position, { timeoutMs, signal: request.signal });
  }
}

function notFound({ config }: Platform, serverName: string): MatrixError {
  const message =
    serverName === config.serverName
      ? "There is no such file, or it is not for those without an access token."
      : `This server has files of ${config.serverName} only.`;
  return new MatrixError(404, "M_NOT_FOUND", message);
}

function notYetUploaded({ created_at: createdAt }: MediaRow): MatrixError {
  const since = new Date(createdAt).toISOString();
  return new MatrixError(504, "M_NOT_YET_UPLOADED", `The file is announced since ${since}, but has not come yet.`);
}
