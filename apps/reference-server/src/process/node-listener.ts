import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { toNodeListener } from "@matrix-openapi/server/node";
import type { ServerApplication } from "../platform.ts";
import { ConnectionDropped } from "./connection-dropped.ts";
import type { Log } from "./log.ts";

/** Lets node:http call an application; what goes wrong below it is logged, and the caller gets an answer. */
export function createNodeListener(application: Promise<ServerApplication>, log: Log): RequestListener {
  const listening = application.then(({ handle, fetch }) =>
    handle === undefined ? fetchListener(fetch) : toNodeListener({ handle }),
  );
  listening.catch(() => {}); // who creates the application hears of it
  return (incoming, outgoing) => {
    const answered = listening.then((listener) => listener(incoming, outgoing));
    answered.catch((error: unknown) => {
      if (error instanceof ConnectionDropped) return void outgoing.destroy();
      if (!outgoing.destroyed) log.error("a request could not be answered", { error });
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(500).end();
    });
  };
}

/** For applications that only know `fetch`: the inbox. */
function fetchListener(fetch: ServerApplication["fetch"]) {
  return async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { remoteAddress } = incoming.socket;
    const response = await fetch(toRequest(incoming, outgoing), {
      rawPath: incoming.url ?? "/",
      ...(remoteAddress === undefined ? {} : { remoteAddress }),
    });
    outgoing.setHeaders(response.headers).writeHead(response.status);
    if (response.body === null) outgoing.end();
    // the same streams, typed once by the DOM and once by Node
    else await pipeline(Readable.fromWeb(response.body as NodeReadableStream), outgoing);
  };
}

function toRequest(incoming: IncomingMessage, outgoing: ServerResponse): Request {
  const abort = new AbortController();
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) abort.abort();
  });
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  const method = incoming.method ?? "GET";
  const hasBody = method !== "GET" && method !== "HEAD";
  return new Request(urlOf(incoming), {
    method,
    headers,
    signal: abort.signal,
    ...(hasBody ? { body: Readable.toWeb(incoming) as ReadableStream, duplex: "half" } : {}), // as above
  });
}

/** A target or host that is no URL still gets an answer: the application routes by `rawPath`. */
function urlOf({ url = "/", headers }: IncomingMessage): string {
  return (URL.parse(`http://${headers.host ?? "localhost"}${url}`) ?? new URL("http://localhost/")).href;
}
