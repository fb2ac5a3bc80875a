import { error, ok } from "@matrix-openapi/server";
import type { components } from "@matrix-openapi/definitions/client-server";
import type { JsonObject } from "../../json.ts";
import type { Platform } from "../../platform.ts";
import { canonicalThreepid } from "../../threepids/canonical-threepid.ts";
import { callIdentityServer, isTrustedIdentityServer } from "./identity-server.ts";
import type { IdentityServerAnswer } from "./identity-server.ts";

type BindRequest = components["schemas"]["BindThreepidRequest"];

/**
 * Has an identity server publish an association, remembers where, and passes its errors on.
 * https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3account3pidbind
 */
export async function bindThreepid(platform: Platform, userId: string, request: BindRequest) {
  const { sid, client_secret, id_server: idServer, id_access_token: accessToken } = request;
  if (!isTrustedIdentityServer(platform, idServer)) {
    return error(400, "M_SERVER_NOT_TRUSTED", `This server does not trust ${idServer}.`);
  }
  const answer = await callIdentityServer(platform, {
    idServer,
    path: "/3pid/bind",
    body: { sid, client_secret, mxid: userId },
    accessToken,
  });
  if (!answer.ok) return refusal(answer);
  await remember(platform, userId, idServer, answer.body);
  return ok({});
}

/** `/account/3pid`, which came before: it answers with fewer codes. */
export async function bindThreepidTheOldWay(platform: Platform, userId: string, request: BindRequest) {
  const result = await bindThreepid(platform, userId, request);
  if (result.status === 200 || result.status === 429) return result;
  if (result.body.errcode === "M_SERVER_NOT_TRUSTED") return error(400, "M_SERVER_NOT_TRUSTED", result.body.error);
  return error(403, "M_THREEPID_AUTH_FAILED", result.body.error);
}

/** An answer without an address is no reason to fail: the association is there. Only, nobody can undo it unasked. */
async function remember(
  { db, clock, log }: Platform,
  userId: string,
  idServer: string,
  { medium, address }: JsonObject,
): Promise<void> {
  const threepid = typeof address === "string" ? canonicalThreepid(medium, address) : null;
  if (threepid === null) {
    log.warn("an identity server did not say what it has bound", { idServer });
    return;
  }
  await db
    .insertInto("hs_threepid_bindings")
    .values({ ...threepid, user_id: userId, id_server: idServer, bound_at: clock.now() })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

function refusal({ errcode, error: message }: Extract<IdentityServerAnswer, { ok: false }>) {
  switch (errcode) {
    case "M_SESSION_EXPIRED":
    case "M_SESSION_NOT_VALIDATED":
      return error(400, errcode, message);
    // What a token that does not count is called differs between identity servers.
    case "M_UNAUTHORIZED":
    case "M_UNKNOWN_TOKEN":
    case "M_MISSING_TOKEN":
      return error(401, "M_UNAUTHORIZED", message);
    case "M_TERMS_NOT_SIGNED":
      return error(403, errcode, message);
    case "M_NO_VALID_SESSION":
      return error(404, errcode, message);
    case "M_LIMIT_EXCEEDED":
      return error(429, errcode, message);
    default:
      return error(400, "M_UNKNOWN", message);
  }
}
