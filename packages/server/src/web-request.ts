import type { IncomingRequest, MatrixApi, OutgoingResponse, RequestContext } from "./api.ts";

/** A whole API of its `handle`, for what stands in front of another API: `fetch` is the same in the Web's own types. */
export function toMatrixApi(handle: MatrixApi["handle"]): MatrixApi {
  return {
    fetch: async (request, context) => toWebResponse(await handle(fromWebRequest(request, context))),
    handle,
  };
}

function fromWebRequest(request: Request, context: RequestContext = {}): IncomingRequest {
  return {
    method: request.method,
    target: context.rawPath ?? request.url,
    remoteAddress: context.remoteAddress,
    request,
    signal: request.signal,
    header: (name) => request.headers.get(name),
    readBody: (limit) => readLimited(request, limit),
    streamBody: () => request.body,
  };
}

function toWebResponse({ status, headers, body }: OutgoingResponse): Response {
  // The DOM types do not say that any Uint8Array is a body.
  return new Response(body as BodyInit | null, { status, headers });
}

async function readLimited(request: Request, limit: number): Promise<Uint8Array | null> {
  if (Number(request.headers.get("content-length")) > limit) return null;
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body) {
    length += chunk.length;
    if (length > limit) return null; // leaving the loop cancels the stream
    chunks.push(chunk);
  }
  return joined(chunks, length);
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}
