import type { Behaviour, Send } from "./behaviour.ts";
import { compose } from "./behaviour.ts";
import type { Clock } from "./clock.ts";
import type { TypedClient } from "./call.ts";
import { bearerAuth } from "./bearer-auth.ts";
import { InvalidParameter } from "./invalid-parameter.ts";
import { NetworkError } from "./network-error.ts";
import type { RequestParts } from "./openapi-fetch.ts";
import { buildRequest } from "./openapi-fetch.ts";
import { readAnswer } from "./answer.ts";
import type { ParseAs } from "./result.ts";
import type { Tokens } from "./session.ts";

/** How a client reaches its server. */
export interface ClientOptions {
  /** The server's URL, such as `https://matrix.example.org`, as discovery gives it. */
  readonly baseUrl: string;
  /** Whose access token to send. Behaviours that renew tokens write them into this object. */
  readonly session?: Tokens | undefined;
  /** What every call goes through, outermost first, such as `[retry(), tokenRefresh()]`. */
  readonly behaviours?: readonly Behaviour[];
  /** Sends a request; the global `fetch` unless given. */
  readonly fetch?: Send;
  /** Time as the behaviours see it; the machine's unless given. */
  readonly clock?: Clock | undefined;
}

/** A client for any API whose types openapi-typescript wrote. */
export function createTypedClient<Paths, Common>(options: ClientOptions): TypedClient<Paths, Common> {
  const call = createCall(options);
  const calls: Record<keyof TypedClient<Paths, Common>, UntypedCall> = {
    GET: (path, init) => call("GET", path, init),
    PUT: (path, init) => call("PUT", path, init),
    POST: (path, init) => call("POST", path, init),
    DELETE: (path, init) => call("DELETE", path, init),
  };
  return calls as TypedClient<Paths, Common>; // the types describe what the server answers; nothing here can check that
}

type UntypedCall = (path: string, init?: UntypedInit) => Promise<unknown>;

interface UntypedInit extends RequestParts {
  readonly parseAs?: ParseAs;
  readonly signal?: AbortSignal | null;
}

function createCall({ baseUrl: url, session, behaviours = [], fetch = globalThis.fetch, clock }: ClientOptions) {
  const baseUrl = checkBaseUrl(url);
  const chain = [...behaviours, bearerAuth];

  return async (method: string, path: string, { parseAs, ...parts }: UntypedInit = {}): Promise<unknown> => {
    const operation = `${method} ${path}`;
    const send: Send = async (request) => {
      try {
        return await fetch(request);
      } catch (cause) {
        throw request.signal.aborted ? request.signal.reason : new NetworkError(operation, baseUrl, cause);
      }
    };
    try {
      const request = buildRequest(baseUrl, method, path, parts);
      const response = await compose(chain, { method, path, baseUrl, session, clock, send })(request);
      return await readAnswer(operation, response, parseAs, parts.signal);
    } catch (cause) {
      if (cause instanceof NetworkError) return { ok: false, kind: "network", status: 0, cause };
      if (cause instanceof InvalidParameter) return { ok: false, kind: "invalid-parameter", status: 0, cause };
      throw cause;
    }
  };
}

function checkBaseUrl(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!url?.protocol.startsWith("http") || url.username + url.password + url.search + url.hash !== "") {
    const found = url === undefined ? JSON.stringify(baseUrl) : `of ${url.protocol}//${url.host}`; // without a password
    throw new TypeError(`baseUrl is ${found}; expected an http(s) URL without user name, query or fragment.`);
  }
  return url.href.replace(/\/+$/, "");
}
