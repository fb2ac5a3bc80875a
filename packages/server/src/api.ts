/** What an adapter knows beside the request. */
export interface RequestContext {
  /** The request target as it came over the wire, because URL parsers resolve `..` in it. */
  readonly rawPath?: string;
  readonly remoteAddress?: string;
}

/** A request in the terms of no particular runtime; each part is made only when asked for. */
export interface IncomingRequest {
  readonly method: string;
  /** Raw path and query. */
  readonly target: string;
  readonly remoteAddress: string | undefined;
  readonly request: Request;
  readonly signal: AbortSignal;
  header(name: string): string | null;
  /** The whole body, or null once it is larger than `limit` bytes. */
  readBody(limit: number): Promise<Uint8Array | null>;
  streamBody(): ReadableStream<Uint8Array> | null;
}

/** An answer in the terms of no particular runtime. */
export interface OutgoingResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | ReadableStream<Uint8Array> | null;
}

/** A running API. */
export interface MatrixApi {
  /** Answers a request, whatever it is; only a throw of `onError` itself gets through. */
  fetch(request: Request, context?: RequestContext): Promise<Response>;
  /** The same below the Web's `Request` and `Response`, for adapters that can do without them. */
  handle(incoming: IncomingRequest): Promise<OutgoingResponse>;
}
