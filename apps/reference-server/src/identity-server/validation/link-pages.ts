import type { MatrixApi, OutgoingResponse } from "@matrix-openapi/server";
import { submissionPage, toResponse } from "../../validation-sessions/submission-answers.ts";
import { linkPaths } from "./submit-paths.ts";

/**
 * A link that was cut off on its way is refused before any handler sees it, with an error for programs; the person who
 * followed it gets a page instead.
 */
export function answerLinksWithPages(api: MatrixApi): MatrixApi {
  return {
    async fetch(request, context) {
      const response = await api.fetch(request, context);
      const isRefusal = isRefusedLink(request.method, new URL(request.url).pathname, response.status);
      return isRefusal && isJson(response.headers.get("content-type")) ? cutOffPage() : response;
    },
    async handle(incoming) {
      const outgoing = await api.handle(incoming);
      const isRefusal = isRefusedLink(incoming.method, incoming.target.split("?", 1)[0], outgoing.status);
      return isRefusal && isJson(outgoing.headers["Content-Type"]) ? toOutgoing(cutOffPage()) : outgoing;
    },
  };
}

function isRefusedLink(method: string, path: string | undefined, status: number): boolean {
  return status === 400 && method === "GET" && path !== undefined && linkPaths.has(path);
}

function isJson(contentType: string | null | undefined): boolean {
  return contentType?.startsWith("application/json") === true;
}

function cutOffPage(): Response {
  return toResponse(submissionPage({ ok: false, reason: "malformed" }));
}

function toOutgoing({ status, headers, body }: Response): OutgoingResponse {
  return { status, headers: Object.fromEntries(headers), body };
}
