import { parseJson, readBytes } from "./body.ts";
import type { Exchange, ServerRole } from "./exchange.ts";
import { member } from "./json.ts";
import { Blocked } from "./outcome.ts";

export type Fetch = (request: Request) => Promise<Response>;

export interface RequestOptions {
  /** Sent as `Authorization: Bearer …`. */
  readonly token?: string | undefined;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a string or bytes are sent as they are, so that a check can send what is not JSON. */
  readonly body?: unknown;
}

/** Sends a request to one server and returns what was observed, whatever the status. */
export interface Http {
  readonly server: ServerRole;
  readonly baseUrl: URL;
  send(method: string, path: string, options?: RequestOptions): Promise<Exchange>;
  get(path: string, options?: RequestOptions): Promise<Exchange>;
  post(path: string, body: unknown, options?: RequestOptions): Promise<Exchange>;
  put(path: string, body: unknown, options?: RequestOptions): Promise<Exchange>;
  delete(path: string, body: unknown, options?: RequestOptions): Promise<Exchange>;
}

interface HttpOptions {
  readonly fetch: Fetch;
  readonly timeout: number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly onExchange: (exchange: Exchange) => void;
}

/** Nobody answers at the URL: not a violation, the run cannot take place (exit code 3). */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** Every request to a server under test says that a web client elsewhere sends it, so that CORS can be judged. */
export const clientOrigin = "https://client.example";

/** A run is a guest on the server: a 429 is waited for, but not longer than this. */
const longestWait = 30_000;
const mostAttempts = 6;

/** A thin recorded `fetch`: checks see raw HTTP, and every exchange also passes the observers. */
export function createHttp(server: ServerRole, baseUrl: URL, options: HttpOptions): Http {
  const send = async (method: string, path: string, request: RequestOptions = {}): Promise<Exchange> => {
    const url = resolveUrl(path, baseUrl);
    for (const [key, value] of Object.entries(request.query ?? {})) url.searchParams.set(key, value);
    let exchange = await once(server, method, url, request, options);
    options.onExchange(exchange);
    for (let attempt = 1; exchange.status === 429 && attempt < mostAttempts; attempt += 1) {
      const wait = retryAfter(exchange);
      if (wait > longestWait) {
        const seconds = Math.ceil(wait / 1000);
        throw new Blocked(
          exchange,
          `the rate limit asks to wait ${seconds} s; raise the limits of a server under test`,
        );
      }
      await options.sleep(wait);
      exchange = await once(server, method, url, request, options);
      options.onExchange(exchange);
    }
    return exchange;
  };
  return {
    server,
    baseUrl,
    send,
    get: (path, request) => send("GET", path, request),
    post: (path, body, request) => send("POST", path, { ...request, body }),
    put: (path, body, request) => send("PUT", path, { ...request, body }),
    delete: (path, body, request) => send("DELETE", path, { ...request, body }),
  };
}

/** The URL that a server means by a link, a `submit_url` or a form's action; Blocked where it means none. */
export function resolveUrl(reference: string, base: URL | string): URL {
  if (!URL.canParse(reference, base)) throw new Blocked(null, `the server had to give a URL, but gave "${reference}"`);
  return new URL(reference, base);
}

async function once(
  server: ServerRole,
  method: string,
  url: URL,
  { token, headers, body }: RequestOptions,
  options: HttpOptions,
): Promise<Exchange> {
  const requestHeaders: Record<string, string> = {};
  if (token !== undefined) requestHeaders["authorization"] = `Bearer ${token}`;
  if (server !== "link") requestHeaders["origin"] = clientOrigin;
  if (body !== undefined) requestHeaders["content-type"] = "application/json";
  for (const [name, value] of Object.entries(headers ?? {})) requestHeaders[name.toLowerCase()] = value;
  const init: RequestInit = {
    method,
    headers: requestHeaders,
    redirect: "manual",
    signal: AbortSignal.timeout(options.timeout),
  };
  if (body !== undefined) init.body = typeof body === "string" || isBytes(body) ? body : JSON.stringify(body);
  try {
    const request = new Request(url, init);
    const response = await options.fetch(request);
    const bytes = await readBytes(response);
    request.signal.throwIfAborted(); // after the answer, so that the request is not collected before: its timeout would be, too
    const text = new TextDecoder().decode(bytes);
    const { status, headers: answered } = response;
    const json = parseJson(text);
    const sent = { server, method, url: url.href, requestHeaders, requestBody: body };
    return { ...sent, status, headers: answered, text, bytes, json };
  } catch (cause) {
    throw new Unreachable(`${method} ${url.origin}${url.pathname}: ${reasonOf(cause, options.timeout)}`, { cause });
  }
}

function isBytes(body: unknown): body is Uint8Array<ArrayBuffer> {
  return body instanceof Uint8Array;
}

// The header is the rule since v1.10, the body's field what came before it.
function retryAfter(exchange: Exchange): number {
  const header = exchange.headers.get("retry-after");
  if (header !== null && /^\d+$/.test(header)) return Number(header) * 1000;
  const field = member(exchange.json, "retry_after_ms");
  return typeof field === "number" && field >= 0 ? field : 1000;
}

/** Why there is no answer, in a few words. */
export function reasonOf(cause: unknown, timeout: number): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause.name === "TimeoutError") return `no whole answer within ${timeout / 1000} s`;
  const { cause: inner } = cause;
  if (!(inner instanceof Error)) return cause.message;
  // Where a name has several addresses, only the code says what became of them.
  const detail = inner.message === "" && "code" in inner ? String(inner.code) : inner.message;
  return `${cause.message} (${detail})`;
}
