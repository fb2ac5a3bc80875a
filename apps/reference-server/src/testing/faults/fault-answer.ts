import { error, html, respond, toOutgoing } from "@matrix-openapi/server";
import type { OutgoingResponse } from "@matrix-openapi/server";
import { ReadableStream as NodeReadableStream } from "node:stream/web";
import { http } from "../../process/node-http.ts";
import type { Fault } from "./fault.ts";

/** What these answers have in Matrix; those of proxies, which know nothing of it, are pages. */
const errcodes: Readonly<Record<number, string>> = {
  400: "M_UNKNOWN",
  401: "M_UNKNOWN_TOKEN",
  403: "M_FORBIDDEN",
  404: "M_NOT_FOUND",
  405: "M_UNRECOGNIZED",
  413: "M_TOO_LARGE",
  429: "M_LIMIT_EXCEEDED",
  500: "M_UNKNOWN",
};

/** The answer in the place of the server's own, with the headers that all answers have; undefined: there is none. */
export function faultAnswer({ status, errcode, retryAfterMs, body }: Fault): OutgoingResponse | undefined {
  if (status === undefined) return undefined;
  const headers = { ...(retryAfterMs !== undefined && { "Retry-After": String(Math.ceil(retryAfterMs / 1000)) }) };
  if (typeof body === "string") return toOutgoing(html(status, body, headers));
  if (body !== undefined) return toOutgoing(respond(status, body, headers));
  const code = errcode ?? errcodes[status];
  if (code === undefined) return toOutgoing(html(status, proxyPage(status), headers));
  const extra = retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs };
  const { body: matrixError } = error(status, code, "This is a fault that the configuration asks for.", extra);
  return toOutgoing(respond(status, matrixError, headers));
}

function proxyPage(status: number): string {
  const title = `${status} ${http.STATUS_CODES[status] ?? "Error"}`;
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
}

/** The beginning of an answer, whose headers promise all of it. */
export function cutOff({ status, headers, body }: OutgoingResponse, afterBytes: number): OutgoingResponse {
  const whole = typeof body === "string" ? new TextEncoder().encode(body) : (body ?? new Uint8Array());
  const length = whole instanceof Uint8Array ? { "Content-Length": String(whole.length) } : {};
  return { status, headers: { ...headers, ...length }, body: beginningOf(whole, afterBytes) };
}

function beginningOf(whole: Uint8Array | ReadableStream<Uint8Array>, afterBytes: number): ReadableStream<Uint8Array> {
  const chunks = whole instanceof Uint8Array ? [whole] : whole;
  return NodeReadableStream.from(
    (async function* () {
      let left = afterBytes;
      for await (const chunk of chunks) {
        if (left > 0) yield chunk.subarray(0, left);
        left -= chunk.length;
        if (left <= 0) break;
      }
      await new Promise((resolve) => setTimeout(resolve, 20)); // what was yielded is to arrive first
      throw new Error("the answer is cut off, as a fault of the configuration wants it");
    })(),
  ) as ReadableStream<Uint8Array>; // Node's own type for the same class
}
