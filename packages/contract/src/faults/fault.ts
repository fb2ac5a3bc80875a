import type { Fetch } from "../http.ts";
import { isObject } from "../json.ts";

/**
 * A seeded fault: a layer around a server's `fetch` under which exactly this rule has to fail. It shows that the check
 * can fail, and it is how other contract suites can be measured too.
 */
export interface Fault {
  /** The ID of the rule that must report it. */
  readonly rule: string;
  /** What the faulty server does wrong. */
  readonly name: string;
  /** Makes a new faulty server around a right one; it may keep state. */
  readonly wrap: (next: Fetch) => Fetch;
}

/** A request as a fault sees it: with its path and its JSON body already read. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly json: Record<string, unknown>;
}

/** A response that a fault may change or replace; `json` is {} where the body is no JSON object. */
export interface SeenResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

export interface Change {
  readonly status?: number;
  /** Replaces the body: a string as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | null>>;
}

/** Changes answers on their way back; return null to leave one as it is. */
export function rewriteResponse(
  change: (request: SeenRequest, response: SeenResponse) => Change | null,
): Fault["wrap"] {
  return (next) => async (request) => {
    const seen = await seenRequest(request);
    const response = await next(request);
    const text = await response.clone().text();
    const changed = change(seen, { status: response.status, headers: response.headers, text, json: objectIn(text) });
    if (changed === null) return response;
    const headers = new Headers(response.headers);
    headers.delete("content-length");
    changeHeaders(headers, changed.headers);
    const { body } = changed;
    const status = changed.status ?? response.status;
    const bodiless = status === 204 || status === 304;
    const content = body === undefined ? text : typeof body === "string" ? body : JSON.stringify(body);
    return new Response(bodiless ? null : content, { status, headers });
  };
}

/** Changes requests on their way in: the server does right by a request that was never sent. */
export function rewriteRequest(
  change: (
    request: SeenRequest,
  ) => { readonly path?: string; readonly json?: unknown; readonly headers?: Record<string, string | null> } | null,
): Fault["wrap"] {
  return (next) => async (request) => {
    const seen = await seenRequest(request);
    const changed = change(seen);
    if (changed === null) return next(request);
    const headers = new Headers(request.headers);
    changeHeaders(headers, changed.headers);
    const url = changed.path === undefined ? seen.url : new URL(changed.path, seen.url);
    const init: RequestInit = { method: request.method, headers, redirect: "manual" };
    if (request.method !== "GET") init.body = JSON.stringify(changed.json ?? seen.json);
    return next(new Request(url, init));
  };
}

/** Answers some requests itself, without asking the server; return null to pass a request on. */
export function answerInstead(answer: (request: SeenRequest) => Change | null): Fault["wrap"] {
  return (next) => async (request) => {
    const given = answer(await seenRequest(request));
    if (given === null) return next(request);
    const headers = new Headers({ "content-type": "application/json", ...corsHeaders });
    changeHeaders(headers, given.headers);
    const body = typeof given.body === "string" ? given.body : JSON.stringify(given.body ?? {});
    return new Response(body, { status: given.status ?? 200, headers });
  };
}

const corsHeaders = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET, POST, PUT, DELETE, OPTIONS",
  "access-control-allow-headers": "X-Requested-With, Content-Type, Authorization",
};

function changeHeaders(headers: Headers, changes: Change["headers"] = {}): void {
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  }
}

async function seenRequest(request: Request): Promise<SeenRequest> {
  const url = new URL(request.url);
  const json = objectIn(await request.clone().text());
  return { method: request.method, path: url.pathname, url, headers: request.headers, json };
}

function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? { ...value } : {};
  } catch {
    return {};
  }
}
