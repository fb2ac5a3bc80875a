import type { IncomingRequest, OutgoingResponse } from "./api.ts";
import { sendFile } from "./byte-range.ts";
import type { Result } from "./results.ts";

/** On every answer: https://spec.matrix.org/v1.19/client-server-api/#web-browser-clients */
const corsHeaders = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE, OPTIONS",
  "Access-Control-Allow-Headers": "X-Requested-With, Content-Type, Authorization",
};

/** Answers to a browser's question before its request. */
export const preflight: OutgoingResponse = { status: 204, headers: corsHeaders, body: null };

const jsonHeaders = { "Content-Type": "application/json", ...corsHeaders };

/** Writes a result out, with the headers that every answer carries; routes outside of the description end in it too. */
export function toOutgoing(result: Result, incoming?: IncomingRequest): OutgoingResponse {
  const { status, headers } = result;
  switch (result.kind) {
    case "json": {
      const body = JSON.stringify(result.body);
      if (status === 429) return { status, headers: { ...jsonHeaders, ...retryAfter(result.body), ...headers }, body };
      return { status, headers: headers === undefined ? jsonHeaders : { ...jsonHeaders, ...headers }, body };
    }
    case "html":
      return {
        status,
        headers: { "Content-Type": "text/html; charset=utf-8", ...corsHeaders, ...headers },
        body: result.body,
      };
    case "redirect":
      return { status, headers: { Location: result.location, ...corsHeaders, ...headers }, body: null };
    case "binary": {
      const sent = { "Content-Type": result.contentType, ...corsHeaders, ...headers };
      if (!("read" in result.body)) return { status, headers: sent, body: result.body };
      const answer = sendFile(result.body, sent, incoming === undefined ? null : wantedRange(incoming));
      return "kind" in answer ? toOutgoing(answer) : answer;
    }
  }
}

/** If-Range names a version of the file, which our answers do not have. */
function wantedRange(incoming: IncomingRequest): string | null {
  return incoming.method === "GET" && incoming.header("if-range") === null ? incoming.header("range") : null;
}

/** The header supersedes the field: https://spec.matrix.org/v1.19/client-server-api/#rate-limiting */
function retryAfter(body: unknown): Record<string, string> {
  const milliseconds = (body as { retry_after_ms?: unknown } | null)?.retry_after_ms; // only looked at, then checked
  return typeof milliseconds === "number" ? { "Retry-After": String(Math.ceil(milliseconds / 1000)) } : {};
}
