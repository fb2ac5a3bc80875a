import { createFinalURL, createQuerySerializer, defaultBodySerializer } from "openapi-fetch";
import { fillPath, queryParameters } from "./parameters.ts";

/** The part of a call that goes into its request. */
export interface RequestParts {
  readonly params?: {
    readonly path?: Readonly<Record<string, unknown>>;
    readonly query?: Readonly<Record<string, unknown>>;
  };
  readonly body?: unknown;
  readonly headers?: HeadersInit;
  readonly [platformOption: string]: unknown;
}

const serializeQuery = /* @__PURE__ */ createQuerySerializer<Record<string, unknown>>();

/**
 * The one place that knows openapi-fetch: a call becomes a request by its rules. Sending and reading are ours, because
 * its client throws where a body cannot be read, and fills paths without a look at the values.
 */
export function buildRequest(baseUrl: string, method: string, path: string, parts: RequestParts): Request {
  const { params: { path: values = {}, query = {} } = {}, body, headers, ...platform } = parts;
  const operation = `${method} ${path}`;
  const url = createFinalURL<never>(path, {
    baseUrl,
    params: { path: values, query: queryParameters(operation, query) },
    querySerializer: serializeQuery,
    pathSerializer: (template) => fillPath(operation, template, values),
  });
  // Redirects are the caller's to follow: they may lead to a page for the user, or away from the homeserver.
  return new Request(url, { redirect: "manual", ...platform, method, ...bodyInit(body, headers) });
}

function bodyInit(body: unknown, headers: HeadersInit | undefined): RequestInit {
  if (body === undefined) return headers === undefined ? {} : { headers };
  const isRaw = isBinary(body);
  const type = isRaw ? (body instanceof Blob && body.type) || "application/octet-stream" : "application/json";
  return {
    body: isRaw ? body : defaultBodySerializer(body),
    headers: headers === undefined ? { "content-type": type } : withContentType(headers, type),
    ...(body instanceof ReadableStream && { duplex: "half" }), // fetch demands it for streams
  };
}

function withContentType(headers: HeadersInit, type: string): Headers {
  const merged = new Headers(headers);
  if (!merged.has("content-type")) merged.set("content-type", type);
  return merged;
}

// Sent as it is; anything else is JSON.
function isBinary(body: unknown): body is Blob | ReadableStream | ArrayBuffer | ArrayBufferView<ArrayBuffer> {
  return (
    body instanceof Blob || body instanceof ReadableStream || body instanceof ArrayBuffer || ArrayBuffer.isView(body)
  );
}
