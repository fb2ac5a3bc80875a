import { MatrixError } from "@matrix-openapi/server";
import { parse as parseDisposition } from "content-disposition";
import { signRequest } from "../../../federation/x-matrix.ts";
import { asObject } from "../../../json.ts";
import { followRedirects } from "../../../outbound/follow-redirects.ts";
import { OutboundError } from "../../../outbound/outbound-fetch.ts";
import type { OutboundRequest } from "../../../outbound/outbound-fetch.ts";
import type { Platform } from "../../../platform.ts";
import { readContentType } from "../content-type.ts";
import { cleanFileName } from "../file-name.ts";
import type { FileFacts } from "../media-records.ts";
import { readMultipart } from "./multipart.ts";

/** Where a content URI of another server leads. */
export interface RemotePlace {
  readonly serverName: string;
  readonly mediaId: string;
}

interface RemoteFile extends FileFacts {
  readonly bytes: Uint8Array;
}

/** What the parts around a file take at most. */
const envelopeBytes = 64 * 1024;

/**
 * Has a file sent by the server that it was uploaded to, which may wait for the upload. Throws what is answered where
 * that does not work. https://spec.matrix.org/v1.19/server-server-api/#content-repository
 */
export async function fetchRemoteFile(platform: Platform, place: RemotePlace, waitMs: number): Promise<RemoteFile> {
  const { config, log } = platform;
  const limit = config.media.maximumUploadBytes;
  const timeoutMs = Math.min(waitMs, Math.floor(config.outbound.timeoutMs / 2)); // so that its answer is not missed
  try {
    const file = await send(platform, place, timeoutMs, { maximumResponseBytes: limit + envelopeBytes });
    if (file.bytes.length > limit) throw tooLarge();
    return file;
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    log.info("a file of another server cannot be had", { ...place, error });
    throw error.reason === "too-large" ? tooLarge() : refusalFor(undefined);
  }
}

async function send(platform: Platform, place: RemotePlace, timeoutMs: number, limits: OutboundRequest) {
  const { config, fetch, signingKey, urls } = platform;
  const { serverName, mediaId } = place;
  const server = await urls.homeserverOf(serverName);
  const url = new URL(`${server}/_matrix/federation/v1/media/download/${mediaId}?timeout_ms=${timeoutMs}`);
  const request = { method: "GET", uri: url.pathname + url.search };
  const authorization = signRequest(request, config.serverName, serverName, signingKey);
  const answer = await fetch(url, { ...limits, headers: { authorization, accept: "multipart/mixed" } });
  if (answer.ok) return fileInParts(platform, answer, limits);
  const errcode = await errcodeOf(answer);
  if (errcode !== "M_UNRECOGNIZED") throw refusalFor(errcode);
  // A server of before v1.11.
  const query = `allow_remote=false&timeout_ms=${timeoutMs}`;
  const older = await fetch(`${server}/_matrix/media/v3/download/${serverName}/${mediaId}?${query}`, limits);
  if (!older.ok) throw refusalFor(await errcodeOf(older));
  return toFile(older.headers, await bytesOf(older));
}

/** The first part is for facts that there are none of yet; the second is the file, or says where it is. */
async function fileInParts({ fetch }: Platform, answer: Response, limits: OutboundRequest): Promise<RemoteFile> {
  const parts = readMultipart(answer.headers.get("content-type") ?? "", await bytesOf(answer));
  const [, file, ...more] = parts ?? [];
  if (file === undefined || more.length > 0) throw refusalFor(undefined);
  const location = file.headers.get("location");
  if (location === null) return toFile(file.headers, file.bytes);
  const { response } = await followRedirects(fetch, location, { ...limits, isForeign: true });
  if (!response.ok) throw refusalFor(undefined);
  return toFile(response.headers, await bytesOf(response));
}

function toFile(headers: Headers, bytes: Uint8Array): RemoteFile {
  const fileName = fileNameIn(headers.get("content-disposition"));
  return { bytes, contentType: readContentType(headers.get("content-type")), fileName };
}

function fileNameIn(disposition: string | null): string | null {
  try {
    return cleanFileName(parseDisposition(disposition ?? "").parameters["filename"] ?? "") || null;
  } catch {
    return null;
  }
}

async function bytesOf(response: Response): Promise<Uint8Array> {
  return new Uint8Array(await response.arrayBuffer());
}

async function errcodeOf(response: Response): Promise<unknown> {
  return asObject(await response.json().catch(() => undefined))["errcode"];
}

/** In our words, by the code of the other server. */
function refusalFor(errcode: unknown): MatrixError {
  switch (errcode) {
    case "M_TOO_LARGE":
      return tooLarge();
    case "M_NOT_YET_UPLOADED":
      return new MatrixError(504, "M_NOT_YET_UPLOADED", "The file is announced on its server, but has not come yet.");
    case "M_LIMIT_EXCEEDED":
      return new MatrixError(429, "M_LIMIT_EXCEEDED", "The file's server wants to be left alone: wait a minute.");
    default:
      return new MatrixError(404, "M_NOT_FOUND", "The file's server does not send it, or cannot be reached.");
  }
}

function tooLarge(): MatrixError {
  return new MatrixError(502, "M_TOO_LARGE", "The file is of another server, and larger than this one passes on.");
}
