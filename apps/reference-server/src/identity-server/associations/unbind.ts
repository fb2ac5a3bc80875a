import { error, ok } from "@matrix-openapi/server";
import { fetchHomeserverKey } from "../../federation/homeserver-key.ts";
import { isUserId, serverNameOf } from "../../identifiers.ts";
import { parseXMatrix, verifyRequest } from "../../federation/x-matrix.ts";
import type { XMatrix } from "../../federation/x-matrix.ts";
import type { JsonObject } from "../../json.ts";
import { canonicalThreepid } from "../../threepids/canonical-threepid.ts";
import type { Handler, HandlerContext, Identity } from "../identity.ts";
import { equal } from "../../storage/equal.ts";

type Unbind = HandlerContext<"unbind">;

/**
 * Withdraws an association for whoever can read the messages to its address, or for the homeserver of its user. What is
 * not bound stays that way, so that a request can be repeated.
 * https://spec.matrix.org/v1.19/identity-service-api/#post_matrixidentityv23pidunbind
 */
export function unbind(identity: Identity): Handler<"unbind"> {
  return async (context) => {
    const xMatrix = parseXMatrix(context.request.headers.get("authorization"));
    if (xMatrix !== null) {
      if (!(await isSignedByHomeserver(identity, context, xMatrix))) {
        return error(403, "M_FORBIDDEN", "The request is not signed by the homeserver of this user, for this server.");
      }
    } else if (context.user === undefined) {
      return error(401, "M_UNAUTHORIZED", "No access token found, and no signature of the user's homeserver.");
    } else if (!(await ownsAddress(identity, context.body))) {
      return error(403, "M_FORBIDDEN", "There is no validated session of this ID and secret for this address.");
    }
    await withdraw(identity, context.body);
    return ok({});
  };
}

async function ownsAddress({ sessions }: Identity, body: Unbind["body"]): Promise<boolean> {
  if (body.sid === undefined || body.client_secret === undefined) return false;
  const outcome = await sessions.find({ sid: body.sid, clientSecret: body.client_secret });
  if (!outcome.ok) return false;
  return outcome.session.medium === body.threepid.medium && outcome.session.address === addressOf(body);
}

/** https://spec.matrix.org/v1.19/server-server-api/#request-authentication */
async function isSignedByHomeserver(identity: Identity, context: Unbind, xMatrix: XMatrix): Promise<boolean> {
  const { origin, destination, key } = xMatrix;
  const { mxid } = context.body;
  if (!isUserId(mxid) || serverNameOf(mxid) !== origin) return false;
  if (destination !== undefined && identity.urls.identityServer(destination) !== identity.urls.identity) return false;
  const publicKey = await fetchHomeserverKey(identity, origin, key);
  if (publicKey === null) return false;
  const { pathname, search } = new URL(context.request.url);
  const content = context.body as unknown as JsonObject; // it has been parsed from JSON
  return verifyRequest({ method: "POST", uri: pathname + search, content }, xMatrix, publicKey);
}

async function withdraw({ db }: Identity, body: Unbind["body"]): Promise<void> {
  await db
    .deleteFrom("is_associations")
    .where(equal({ medium: body.threepid.medium, address: addressOf(body), user_id: body.mxid }))
    .execute();
}

function addressOf({ threepid: { medium, address } }: Unbind["body"]): string {
  return canonicalThreepid(medium, address)?.address ?? address;
}
