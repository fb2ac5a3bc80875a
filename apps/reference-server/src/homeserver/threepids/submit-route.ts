import { requestValidators } from "@matrix-openapi/definitions/identity/request-validators";
import type { Validate } from "@matrix-openapi/definitions";
import { error, splitTarget } from "@matrix-openapi/server";
import type { IncomingRequest, Result } from "@matrix-openapi/server";
import type { ServerUrls } from "../../outbound/server-urls.ts";
import type { Platform } from "../../platform.ts";
import { submissionPage, submissionResult } from "../../validation-sessions/submission-answers.ts";
import type { LinkOutcome } from "../../validation-sessions/submission-answers.ts";
import type { ExtraRoute } from "../extra-routes.ts";
import { readText } from "../request-text.ts";
import { validationSessionsOf } from "../../validation-sessions/validation-sessions.ts";

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
  const sessions = validationSessionsOf(platform, "hs");
  const submit = ({ sid, client_secret: clientSecret, token }: Submission) =>
    sessions.submit({ sid, clientSecret }, token);

  async function followLink({ target }: IncomingRequest): Promise<Result> {
    const query: unknown = Object.fromEntries(new URLSearchParams(splitTarget(target).query));
    const outcome: LinkOutcome = isSubmission(validateQuery, query) ? await submit(query) : malformed;
    return submissionPage(outcome);
  }

  async function takeToken(incoming: IncomingRequest): Promise<Result> {
    const text = await readText(incoming, 16 * 1024);
    if (text === null) return tooLarge;
    const body = parse(incoming.header("content-type"), text);
    if (body === undefined) return notJson;
    if (!isSubmission(validateBody, body)) return fault();
    return submissionResult(await submit(body));
  }

  return {
    path,
    methods: ["GET", "POST"],
    answer: (incoming) => (incoming.method === "GET" ? followLink(incoming) : takeToken(incoming)),
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
function parse(contentType: string | null, text: string): unknown {
  if (contentType?.startsWith("application/x-www-form-urlencoded")) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const malformed = { ok: false, reason: "malformed" } as const;
const tooLarge = error(413, "M_TOO_LARGE", "The body is too large: expected sid, client_secret and token.");
const notJson = error(400, "M_NOT_JSON", "The body is not JSON: send sid, client_secret and token.");

function fault(): Result {
  const [first] = validateBody?.errors ?? [];
  if (first?.keyword === "required") {
    return error(400, "M_MISSING_PARAMS", `${String(first.params["missingProperty"])} is missing.`);
  }
  const name = first?.instancePath.slice(1) || "The body";
  return error(400, "M_INVALID_PARAM", `${name} is not as expected: ${first?.message ?? "look at its form"}.`);
}
