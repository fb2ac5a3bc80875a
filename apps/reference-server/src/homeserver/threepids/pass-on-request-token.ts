import { error, ok } from "@matrix-openapi/server";
import type { JsonObject } from "../../crypto/canonical-json.ts";
import type { Platform } from "../../platform.ts";
import { callIdentityServer } from "./identity-server.ts";
import type { IdentityServerAnswer } from "./identity-server.ts";
import type { AddressRequest } from "./request-token.ts";

/**
 * Has an identity server send the message, as clients could ask for before homeservers did it themselves.
 * https://spec.matrix.org/v1.19/identity-service-api/#post_matrixidentityv2validateemailrequesttoken
 */
export async function passOnRequestToken(platform: Platform, request: AddressRequest, idServer: string) {
  const { id_server: _here, id_access_token: accessToken = "", ...body } = request.body;
  const answer = await callIdentityServer(platform, {
    idServer,
    method: "POST",
    path: `/validate/${request.medium}/requestToken`,
    body: body as JsonObject, // it has been parsed from JSON
    accessToken,
  });
  if (!answer.ok) return refusal(answer);
  const { sid } = answer.body;
  return typeof sid === "string" ? ok({ sid }) : error(400, "M_UNKNOWN", "The identity server gave no session.");
}

/** In the terms of the homeserver's operations. */
function refusal({ errcode, error: message }: Extract<IdentityServerAnswer, { ok: false }>) {
  switch (errcode) {
    case "M_INVALID_EMAIL":
    case "M_INVALID_ADDRESS":
      return error(400, "M_INVALID_PARAM", message);
    case "M_DESTINATION_REJECTED":
      return error(403, "M_THREEPID_DENIED", message);
    case "M_UNAUTHORIZED":
    case "M_TERMS_NOT_SIGNED":
      return error(403, "M_FORBIDDEN", message);
    case "M_LIMIT_EXCEEDED":
      return error(429, "M_LIMIT_EXCEEDED", message);
    default:
      return error(400, "M_UNKNOWN", message);
  }
}
