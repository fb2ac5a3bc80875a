import { requestValidators } from "@matrix-openapi/definitions/identity/request-validators";
import { splitTarget, toMatrixApi, toOutgoing } from "@matrix-openapi/server";
import type { MatrixApi } from "@matrix-openapi/server";
import { submissionPage } from "./submission-answers.ts";

/**
 * A link that was cut off on its way would be refused with an error for programs before any handler sees it; the person
 * who followed it gets a page instead.
 */
export function answerCutOffLinks(api: MatrixApi, linkPaths: readonly string[]): MatrixApi {
  return toMatrixApi(async (incoming) => {
    const { path, query } = splitTarget(incoming.target);
    const isLink = (incoming.method === "GET" || incoming.method === "HEAD") && linkPaths.includes(path);
    return isLink && isCutOff(query) ? cutOffPage : api.handle(incoming);
  });
}

const cutOffPage = toOutgoing(submissionPage({ ok: false, reason: "malformed" }));

const parameterNames = ["sid", "client_secret", "token"];

function isCutOff(query: string): boolean {
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
