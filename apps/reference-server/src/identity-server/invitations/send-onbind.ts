import { signJson } from "../../crypto/signing-keys.ts";
import { isUserId, serverNameOf } from "../../identifiers.ts";
import { signRequest } from "../../federation/x-matrix.ts";
import type { JsonObject } from "../../json.ts";
import { OutboundError } from "../../outbound/outbound-fetch.ts";
import type { DeliveryPlatform } from "./invite-delivery.ts";
import type { Delivery } from "./pending-deliveries.ts";

const path = "/_matrix/federation/v1/3pid/onbind";

/**
 * Tells a homeserver that an address which was invited belongs to its user now. The body is signed, and so is the
 * request; the identity service's text says POST, the federation's definitions say PUT, so the other one is tried where
 * the first is not known. https://spec.matrix.org/v1.19/identity-service-api/#post_matrixidentityv23pidbind
 */
export async function sendOnbind(
  platform: DeliveryPlatform,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<boolean> {
  if (!isUserId(delivery.mxid)) return false;
  const homeserver = serverNameOf(delivery.mxid);
  const body = bodyOf(platform, delivery);
  try {
    const url = (await platform.urls.homeserverOf(homeserver)) + path;
    const first = await send(platform, "POST", url, homeserver, body, signal);
    const response = isUnknown(first) ? await send(platform, "PUT", url, homeserver, body, signal) : first;
    if (!response.ok)
      platform.log.info("a homeserver did not take invitations", { homeserver, status: response.status });
    return response.ok;
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    platform.log.info("a homeserver could not be given invitations", { homeserver, reason: error.message });
    return false;
  }
}

function bodyOf(
  { serverName, signingKey }: DeliveryPlatform,
  { medium, address, mxid, invites }: Delivery,
): JsonObject {
  const signedInvites = invites.map(({ token, roomId, sender }) => ({
    medium,
    address,
    mxid,
    room_id: roomId,
    sender,
    signed: signJson({ mxid, token }, serverName, signingKey),
  }));
  return signJson({ medium, address, mxid, invites: signedInvites }, serverName, signingKey);
}

function send(
  { fetch, serverName, signingKey }: DeliveryPlatform,
  method: "POST" | "PUT",
  url: string,
  homeserver: string,
  content: JsonObject,
  signal: AbortSignal,
): Promise<Response> {
  const uri = new URL(url).pathname;
  const authorization = signRequest({ method, uri, content }, serverName, homeserver, signingKey);
  return fetch(url, {
    method,
    headers: { authorization },
    body: JSON.stringify(content),
    signal,
  });
}

function isUnknown({ status }: Response): boolean {
  return status === 404 || status === 405;
}
