import { signRequest } from "../../federation/x-matrix.ts";
import { isServerName } from "../../identifiers.ts";
import { isObject } from "../../json.ts";
import type { JsonObject } from "../../json.ts";
import { OutboundError } from "../../outbound/outbound-fetch.ts";
import type { OutboundRequest } from "../../outbound/outbound-fetch.ts";
import type { Platform } from "../../platform.ts";

/** A request to an identity server, in the name of a user by a token, or in the homeserver's own by its signature. */
interface IdentityServerCall {
  /** As clients give it: host or host:port. */
  readonly idServer: string;
  /** Below `/_matrix/identity/v2`. */
  readonly path: string;
  /** Absent: it is a GET, and not a POST. */
  readonly body?: JsonObject;
  /** Absent: the homeserver signs. */
  readonly accessToken?: string;
}

export type IdentityServerAnswer =
  | { readonly ok: true; readonly body: JsonObject }
  /** `errcode` is null where no Matrix error came back; 0 is the status where nothing came back at all. */
  | { readonly ok: false; readonly status: number; readonly errcode: string | null; readonly error: string };

/** Whom we talk to although a client has named it: our own identity server, and what the configuration allows. */
export function isTrustedIdentityServer({ config, urls }: Platform, idServer: string): boolean {
  if (!isServerName(idServer)) return false; // it becomes a part of a URL
  const { trustedServers } = config.identity;
  const isOwn = urls.identityServer(idServer) === urls.identity;
  return isOwn || trustedServers === null || trustedServers.includes(idServer);
}

/** Never call this in a transaction: our own identity server may be waiting for the same database. */
export async function callIdentityServer(platform: Platform, call: IdentityServerCall): Promise<IdentityServerAnswer> {
  try {
    const response = await platform.fetch(urlOf(platform, call), requestOf(platform, call));
    const body: unknown = await response.json().catch(() => null);
    if (response.ok && isObject(body)) return { ok: true, body };
    return { ok: false, status: response.status, ...errorOf(body, call.idServer) };
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    platform.log.warn("an identity server could not be asked", { idServer: call.idServer, path: call.path, error });
    return { ok: false, status: 0, errcode: null, error: `The identity server ${call.idServer} cannot be reached.` };
  }
}

function urlOf({ urls }: Platform, { idServer, path }: IdentityServerCall): string {
  return `${urls.identityServer(idServer)}${uriOf(path)}`;
}

function uriOf(path: string): string {
  return `/_matrix/identity/v2${path}`;
}

function requestOf(platform: Platform, call: IdentityServerCall): OutboundRequest {
  const { idServer, path, body: content, accessToken } = call;
  const { config, signingKey } = platform;
  const method = content === undefined ? "GET" : "POST";
  const signed = { method, uri: uriOf(path), ...(content !== undefined && { content }) };
  const authorization =
    accessToken === undefined ? signRequest(signed, config.serverName, idServer, signingKey) : `Bearer ${accessToken}`;
  return { method, headers: { authorization }, ...(content !== undefined && { body: JSON.stringify(content) }) };
}

function errorOf(body: unknown, idServer: string): { errcode: string | null; error: string } {
  const fallback = `The identity server ${idServer} did not do it.`;
  if (!isObject(body) || typeof body["errcode"] !== "string") return { errcode: null, error: fallback };
  return { errcode: body["errcode"], error: typeof body["error"] === "string" ? body["error"] : fallback };
}
