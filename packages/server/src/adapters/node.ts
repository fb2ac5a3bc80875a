import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline, Readable } from "node:stream";
import type { IncomingRequest, MatrixApi, OutgoingResponse } from "../api.ts";

/** Serves an API with `node:http`: `createServer(toNodeListener(api))`. */
export function toNodeListener(
  api: Pick<MatrixApi, "handle">,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const incoming = new NodeRequest(request, response);
    const outgoing = await api.handle(incoming);
    // What is left of a refused body must not be taken for the next request.
    if (outgoing.status === 413 || incoming.isHalfRead) response.shouldKeepAlive = false;
    if (!response.destroyed) send(request, response, outgoing);
  };
}

// Most requests never need a Web Request or an abort signal, and making them would cost more than all the rest.
class NodeRequest implements IncomingRequest {
  readonly #message: IncomingMessage;
  readonly #response: ServerResponse;
  #request: Request | undefined;
  #abort: AbortController | undefined;
  #isStreamed = false;

  constructor(message: IncomingMessage, response: ServerResponse) {
    this.#message = message;
    this.#response = response;
  }

  get method(): string {
    return this.#message.method ?? "GET";
  }

  get target(): string {
    return this.#message.url ?? "/";
  }

  /** Whether a handler has begun to read the body and left some of it. */
  get isHalfRead(): boolean {
    return this.#isStreamed && !this.#message.readableEnded;
  }

  get remoteAddress(): string | undefined {
    return this.#message.socket.remoteAddress;
  }

  get request(): Request {
    return (this.#request ??= this.#createRequest());
  }

  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      const abort = (this.#abort = new AbortController());
      const response = this.#response;
      response.once("close", () => response.writableFinished || abort.abort());
      if (response.destroyed) abort.abort();
    }
    return this.#abort.signal;
  }

  header(name: string): string | null {
    const value = this.#message.headers[name];
    return (Array.isArray(value) ? value.join(", ") : value) ?? null;
  }

  readBody(limit: number): Promise<Uint8Array | null> {
    return readLimited(this.#message, limit);
  }

  streamBody(): ReadableStream<Uint8Array> {
    this.#isStreamed = true;
    return Readable.toWeb(this.#message) as ReadableStream<Uint8Array>; // Node's own type for the same class
  }

  #createRequest(): Request {
    const host = this.header("host") ?? "";
    // A Host of `user@host` is none, and a URL with credentials makes no Request.
    const base = `http://${/^[\w.:[\]-]+$/.test(host) ? host : "localhost"}`;
    const url = URL.canParse(this.target, base) ? new URL(this.target, base) : "http://localhost/";
    const headers = new Headers();
    for (const [name, values] of Object.entries(this.#message.headersDistinct)) {
      for (const value of values ?? []) headers.append(name, value);
    }
    return new Request(url, { method: this.method, headers, signal: this.signal });
  }
}

function readLimited(message: IncomingMessage, limit: number): Promise<Uint8Array | null> {
  if (Number(message.headers["content-length"]) > limit) return Promise.resolve(null);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    message.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) return void chunks.push(chunk);
      message.removeAllListeners("data").pause();
      resolve(null);
    });
    message.on("end", () => resolve(chunks.length === 1 ? (chunks[0] ?? null) : Buffer.concat(chunks, length)));
    message.on("error", reject);
  });
}

function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: OutgoingResponse): void {
  if (body instanceof ReadableStream) {
    response.writeHead(status, headers);
    const stream = Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]); // see streamBody
    // Whichever of the two breaks ends the other: a caller that goes away, or a source that fails half-way.
    pipeline(stream, response, () => {});
    return;
  }
  if (request.method === "HEAD" || status === 204) {
    response.writeHead(status, headers).end();
    return;
  }
  const length = headers["Content-Length"] ?? (body === null ? 0 : Buffer.byteLength(body));
  response.writeHead(status, { ...headers, "Content-Length": length });
  if (body === null || response.shouldKeepAlive || request.complete) response.end(body);
  else endWhenSent(request, response, body);
}

/** How long a caller who has been answered may go on sending. */
const patienceMs = 5000;

/** Closing while a caller still sends would reset the connection, and take the answer from who reads it afterwards. */
function endWhenSent(request: IncomingMessage, response: ServerResponse, body: string | Uint8Array): void {
  response.write(body);
  const patience = setTimeout(() => response.end(), patienceMs).unref();
  request.once("close", () => {
    clearTimeout(patience);
    response.end();
  });
  request.removeAllListeners("data").resume();
}
