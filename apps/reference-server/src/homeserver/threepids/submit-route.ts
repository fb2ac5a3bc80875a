import { requestValidators } from "@matrix-openapi/definitions/identity/request-validators";
import type { Validate } from "@matrix-openapi/definitions";
import type { ServerUrls } from "../../outbound/server-urls.ts";
import type { Platform } from "../../platform.ts";
import { submissionPage, submissionResult, toResponse } from "../../validation-sessions/submission-answers.ts";
import type { LinkOutcome } from "../../validation-sessions/submission-answers.ts";
import { jsonResponse } from "../extra-routes.ts";
import type { ExtraRoute, ExtraRouteContext } from "../extra-routes.ts";
import { validationSessions } from "./validation.ts";

/** What requestToken names as `submit_url`, and where the link in a mail leads. */
export function submitUrl({ homeserver }: Pick<ServerUrls, "homeserver">): string {
  return homeserver + path;
}

/**
 * Takes the token of a message: by GET from the person who follows the link, by POST from their client. Parameters,
 * answers and codes are those of the identity service, without an access token (since v1.18).
 * https://spec.matrix.org/v1.19/identity-service-api/#post_matrixidentityv2validateemailsubmittoken
 */
export function submitRoute(platform: Platform): ExtraRoute {
  const sessions = validationSessions(platform);
  const submit = ({ sid, client_secret: clientSecret, token }: Submission) =>
    sessions.submit({ sid, clientSecret }, token);

  async function followLink(request: Request): Promise<Response> {
    const query: unknown = Object.fromEntries(new URL(request.url).searchParams);
    const outcome: LinkOutcome = isSubmission(validateQuery, query) ? await submit(query) : malformed;
    return toResponse(submissionPage(outcome));
  }

  async function takeToken(request: Request, { readText }: ExtraRouteContext): Promise<Response> {
    const text = await readText(16 * 1024);
    if (text === null) return jsonResponse(413, tooLarge);
    const body = parse(request, text);
    if (body === undefined) return jsonResponse(400, notJson);
    if (!isSubmission(validateBody, body)) return jsonResponse(400, fault());
    return toResponse(submissionResult(await submit(body)));
  }

  return {
    path,
    methods: ["GET", "POST"],
    answer: (request, context) => (request.method === "GET" ? followLink(request) : takeToken(request, context)),
  };
}

interface Submission {
  readonly sid: string;
  readonly client_secret: string;
  readonly token: string;
}

const path = "/_matrix/homeserver/submit_token";

const { query: validateQuery } = requestValidators.emailSubmitTokenGet;
const { body: validateBody } = requestValidators.emailSubmitTokenPost;

function isSubmission(validate: Validate | undefined, value: unknown): value is Submission {
  return validate?.(value) === true;
}

/** JSON, or the URL-encoded form that the identity service took from older clients; undefined for neither. */
function parse(request: Request, text: string): unknown {
  if (request.headers.get("content-type")?.startsWith("application/x-www-form-urlencoded")) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const malformed = { ok: false, reason: "malformed" } as const;
const tooLarge = { errcode: "M_TOO_LARGE", error: "The body is too large: expected sid, client_secret and token." };
const notJson = { errcode: "M_NOT_JSON", error: "The body is not JSON: send sid, client_secret and token." };

function fault(): { errcode: string; error: string } {
  const [first] = validateBody?.errors ?? [];
  if (first?.keyword === "required") {
    return { errcode: "M_MISSING_PARAMS", error: `${String(first.params["missingProperty"])} is missing.` };
  }
  const name = first?.instancePath.slice(1) || "The body";
  return { errcode: "M_INVALID_PARAM", error: `${name} is not as expected: ${first?.message ?? "look at its form"}.` };
}
