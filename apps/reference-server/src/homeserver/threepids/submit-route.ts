import { operations } from "@matrix-openapi/definitions/identity/operations";
import { changedRequest, createApi, identityDescription } from "@matrix-openapi/server";
import type { ApiDescription, IncomingRequest } from "@matrix-openapi/server";
import type { ServerUrls } from "../../outbound/server-urls.ts";
import type { Platform } from "../../platform.ts";
import { answerCutOffLinks } from "../../validation-sessions/cut-off-links.ts";
import { submitTokenHandlers } from "../../validation-sessions/submit-token-handlers.ts";
import { validationSessionsOf } from "../../validation-sessions/validation-sessions.ts";
import type { ExtraRoute } from "../extra-routes.ts";

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
  const api = createApi(description, submitTokenHandlers(validationSessionsOf(platform, "hs")), {
    maxBodyBytes: 16 * 1024,
    onError: (error, { operationId }) => platform.log.error("a request failed", { operationId, error }),
  });
  const { handle } = answerCutOffLinks(api, [path]);
  return { path, methods: ["GET", "POST"], answer: (incoming) => handle(asJson(incoming)) };
}

const path = "/_matrix/homeserver/submit_token";
const here = { path, auth: { mode: "none", schemes: [] } } as const;

const description: ApiDescription = {
  ...identityDescription,
  operations: {
    emailSubmitTokenGet: { ...operations.emailSubmitTokenGet, ...here },
    emailSubmitTokenPost: { ...operations.emailSubmitTokenPost, ...here },
  },
};

/** The URL-encoded form that the identity service took from older clients says the same. */
function asJson(incoming: IncomingRequest): IncomingRequest {
  if (!incoming.header("content-type")?.startsWith("application/x-www-form-urlencoded")) return incoming;
  return changedRequest(incoming, {
    async readBody(limit) {
      const form = await incoming.readBody(limit);
      if (form === null) return null;
      const fields = new URLSearchParams(new TextDecoder().decode(form));
      return new TextEncoder().encode(JSON.stringify(Object.fromEntries(fields)));
    },
  });
}
