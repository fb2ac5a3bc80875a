import { OutboundError } from "../../outbound/outbound-fetch.ts";
import type { Platform } from "../../platform.ts";
import type { ApplicationService } from "./services.ts";

interface ServiceRequest {
  readonly method: "GET" | "PUT" | "POST";
  /** Below `/_matrix/app/v1`. */
  readonly path: string;
  /** Where services of before that version have it, from the service's URL on. */
  readonly olderPath?: string;
  /** JSON. */
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/**
 * Asks or tells an application service something, with its `hs_token`. What does not succeed is tried once more at the
 * older place. https://spec.matrix.org/v1.19/application-service-api/#homeserver---application-service-api
 */
export async function requestService(
  platform: Pick<Platform, "fetch">,
  { registration: { url, hs_token: token } }: ApplicationService,
  { method, path, olderPath, body, signal }: ServiceRequest,
): Promise<Response> {
  if (url === null) throw new OutboundError("refused", "the registration has no URL");
  const base = url.replace(/\/$/, "");
  const init = {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body !== undefined && { body }),
    ...(signal !== undefined && { signal }),
  };
  const answer = await platform.fetch(`${base}/_matrix/app/v1${path}`, init);
  if (answer.ok || olderPath === undefined) return answer;
  const separator = olderPath.includes("?") ? "&" : "?";
  const older = await platform.fetch(
    `${base}${olderPath}${separator}access_token=${encodeURIComponent(token)}`, // it is where those look for it
    init,
  );
  return older.ok ? older : answer;
}

/** The same where nobody is told why there is no answer: then it is undefined. */
export async function askService(
  platform: Pick<Platform, "fetch" | "log">,
  service: ApplicationService,
  request: ServiceRequest,
): Promise<Response | undefined> {
  try {
    return await requestService(platform, service, request);
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    const { path } = request;
    if (error.reason !== "aborted") {
      platform.log.warn("an application service cannot be reached", { service: service.id, path, error });
    }
    return undefined;
  }
}
