import { requestValidators } from "@matrix-openapi/definitions/identity/request-validators";
import type { MatrixApi, OutgoingResponse } from "@matrix-openapi/server";
import { submissionPage, toResponse } from "../../validation-sessions/submission-answers.ts";
import { linkPaths } from "./submit-paths.ts";

/**
 * A link that was cut off on its way would be refused with an error for programs before any handler sees it; the person
 * who followed it gets a page instead.
 */
export function answerCutOffLinks(api: MatrixApi): MatrixApi {
  return {
    async fetch(request, context) {
      const { pathname, search } = new URL(request.url);
      return isCutOffLink(request.method, pathname, search.slice(1)) ? cutOffPage() : api.fetch(request, context);
    },
    async handle(incoming) {
      const [path = "", query = ""] = incoming.target.split("?", 2);
      return isCutOffLink(incoming.method, path, query) ? toOutgoing(cutOffPage()) : api.handle(incoming);
    },
  };
}

const parameterNames = ["sid", "client_secret", "token"];

function isCutOffLink(method: string, path: string, query: string): boolean {
  if ((method !== "GET" && method !== "HEAD") || !linkPaths.has(path)) return false;
  if (!isDecodable(query)) return true;
  const parameters = new URLSearchParams(query);
  if (parameterNames.some((name) => parameters.getAll(name).length !== 1)) return true;
  const { query: isValid } = requestValidators.emailSubmitTokenGet; // the same for phones
  return isValid?.(Object.fromEntries(parameters)) === false;
}

/** URLSearchParams puts up with what the API does not. */
function isDecodable(query: string): boolean {
  try {
    return decodeURIComponent(query) !== undefined;
  } catch {
    return false;
  }
}

function cutOffPage(): Response {
  return toResponse(submissionPage({ ok: false, reason: "malformed" }));
}

function toOutgoing({ status, headers, body }: Response): OutgoingResponse {
  return { status, headers: Object.fromEntries(headers), body };
}
