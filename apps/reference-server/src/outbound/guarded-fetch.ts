import { lookup } from "node:dns/promises";
import type { LookupAddress } from "node:dns";
import type { IncomingMessage, RequestOptions } from "node:http";
import { isIP } from "node:net";
import type { LookupFunction } from "node:net";
import { http, https } from "../process/node-http.ts";
import type { AddressGuard } from "./address-guard.ts";
import { OutboundError } from "./outbound-fetch.ts";
import type { OutboundFetch, OutboundRequest } from "./outbound-fetch.ts";

interface GuardedFetchOptions {
  readonly guard: AddressGuard;
  /** Our own servers and what the configuration names: reached whatever their address, but not by foreign URLs. */
  readonly allowedOrigins: ReadonlySet<string>;
  readonly timeoutMs: number;
  readonly maximumResponseBytes: number;
}

/**
 * A `fetch` for URLs that others decide. The host is resolved here, its addresses are checked, and the connection goes
 * to exactly those, so that a second DNS answer changes nothing. Redirects are returned, never followed.
 */
export function createGuardedFetch(options: GuardedFetchOptions): OutboundFetch {
  return async (input, init = {}) => {
    const url = parseUrl(input);
    const timeout = AbortSignal.timeout(options.timeoutMs);
    const signal = init.signal === undefined ? timeout : AbortSignal.any([timeout, init.signal]);
    try {
      const addresses = await abortable(resolveAllowed(url, init, options), signal);
      const response = await send(url, init, addresses, signal);
      return await readResponse(response, init.maximumResponseBytes ?? options.maximumResponseBytes);
    } catch (error) {
      if (error instanceof OutboundError) throw error;
      if (timeout.aborted) throw new OutboundError("timeout", `${url.host} took longer than ${options.timeoutMs} ms`);
      if (signal.aborted) throw new OutboundError("aborted", `the request to ${url.host} was aborted`);
      const detail = error instanceof Error ? error.message : String(error);
      throw new OutboundError("unreachable", `${url.host} cannot be reached: ${detail}`, { cause: error });
    }
  };
}

function parseUrl(input: string | URL): URL {
  const url = URL.parse(String(input));
  if (url === null) throw new OutboundError("refused", "the URL cannot be read; expected http:// or https://");
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new OutboundError("refused", `the URL is ${url.protocol}; expected http:// or https://`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new OutboundError("refused", `the URL of ${url.host} carries a user name or password; expected none`);
  }
  return url;
}

async function resolveAllowed(
  url: URL,
  { isForeign = false }: OutboundRequest,
  { guard, allowedOrigins }: GuardedFetchOptions,
): Promise<LookupAddress[]> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const family = isIP(host);
  const addresses = family === 0 ? await lookup(host, { all: true }) : [{ address: host, family }];
  if ((!isForeign && allowedOrigins.has(url.origin)) || guard.allowsHost(url)) return addresses;
  const allowed = addresses.filter(({ address }) => guard.allowsAddress(address));
  if (allowed.length > 0) return allowed;
  throw new OutboundError(
    "refused",
    `${url.host} has a private address; to allow it, add it to outbound.allowPrivateAddresses in the configuration`,
  );
}

function send(
  url: URL,
  init: OutboundRequest,
  addresses: LookupAddress[],
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const options: RequestOptions = {
    method: init.method ?? "GET",
    headers: { accept: "application/json", ...contentHeaders(init.body), ...init.headers },
    agent: false, // a kept connection could be to an address that was allowed for another host
    lookup: pinnedLookup(addresses),
    signal,
  };
  return new Promise((resolve, reject) => {
    const request = url.protocol === "https:" ? https.request(url, options) : http.request(url, options);
    request.once("response", resolve).once("error", reject).end(init.body?.toString());
  });
}

function contentHeaders(body: OutboundRequest["body"]): Record<string, string | number> {
  if (body === undefined) return {};
  const type = body instanceof URLSearchParams ? "application/x-www-form-urlencoded" : "application/json";
  return { "content-type": type, "content-length": Buffer.byteLength(body.toString()) };
}

/** Answers with what was checked, whatever DNS says by now. */
function pinnedLookup(addresses: LookupAddress[]): LookupFunction {
  return (_hostname, options, callback) => {
    const [first] = addresses;
    if (options.all === true) callback(null, addresses);
    else callback(null, first?.address ?? "", first?.family);
  };
}

async function readResponse(message: IncomingMessage, limit: number): Promise<Response> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Uint8Array>) {
    // no encoding is set, so chunks are bytes
    length += chunk.length;
    if (length > limit) throw new OutboundError("too-large", `the answer is larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  const status = message.statusCode ?? 0;
  const headers = new Headers();
  for (const [name, values] of Object.entries(message.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  const bodiless = status === 204 || status === 205 || status === 304;
  return new Response(bodiless ? null : Buffer.concat(chunks), { status, headers });
}

/** DNS cannot be cancelled, but need not be waited for. */
function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener("abort", abort));
}
