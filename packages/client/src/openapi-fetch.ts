import createClient from "openapi-fetch";
import type { Send } from "./behaviour.ts";

/** The part of a call that goes into the request. */
export interface RequestParts {
  readonly query?: Readonly<Record<string, unknown>> | undefined;
  readonly body?: unknown;
  readonly headers?: HeadersInit | undefined;
  readonly [platformOption: string]: unknown;
}

/** Builds a request for a filled path, sends it, and gives the untouched response. */
export type SendParts = (method: string, path: string, parts: RequestParts, send: Send) => Promise<Response>;

/**
 * The one place that knows openapi-fetch: it makes the `Request`. Paths come filled, because it leaves missing values
 * in the URL and lets `..` through; it never sees the real response, because it throws away which one was unreadable.
 */
export function createOpenapiFetch(baseUrl: string): SendParts {
  // Redirects are the caller's to follow: they may lead to a page for the user, or away from the homeserver.
  const client = createClient<Record<string, Record<"get", object>>>({ baseUrl, redirect: "manual" });
  return async (method, path, { query, body, headers, ...platform }, send) => {
    let response: Response | undefined;
    await client.request(method.toLowerCase() as "get", path, {
      ...platform,
      ...bodyParts(body, headers),
      ...(query && { params: { query } }),
      fetch: async (request: Request) => {
        response = await send(request);
        return new Response(null, { status: 204 });
      },
    });
    return response!; // openapi-fetch has called fetch, or it would have thrown
  };
}

// A body that is not JSON goes out as it is.
function bodyParts(body: unknown, headers: HeadersInit | undefined): object {
  if (body === undefined || !isBinary(body)) return { body, headers };
  const merged = new Headers(headers);
  if (!merged.has("content-type")) {
    merged.set("content-type", (body instanceof Blob && body.type) || "application/octet-stream");
  }
  return {
    body,
    headers: merged,
    bodySerializer: (given: unknown) => given,
    ...(body instanceof ReadableStream && { duplex: "half" }), // fetch demands it for streams
  };
}

function isBinary(body: unknown): boolean {
  return (
    body instanceof Blob || body instanceof ReadableStream || body instanceof ArrayBuffer || ArrayBuffer.isView(body)
  );
}
