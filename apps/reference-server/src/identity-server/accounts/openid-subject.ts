import { isUserId, serverNameOf } from "../../identifiers.ts";
import { asObject } from "../../json.ts";
import { OutboundError } from "../../outbound/outbound-fetch.ts";
import type { Platform } from "../../platform.ts";

type OpenIdSubject = { readonly ok: true; readonly userId: string } | { readonly ok: false; readonly problem: string };

/**
 * Asks a homeserver whose OpenID token this is. A homeserver can only vouch for its own users: any other answer is as
 * good as none. https://spec.matrix.org/v1.19/server-server-api/#get_matrixfederationv1openiduserinfo
 */
export async function openIdSubject(
  { fetch, urls, log }: Pick<Platform, "fetch" | "urls" | "log">,
  serverName: string,
  token: string,
): Promise<OpenIdSubject> {
  try {
    const url = new URL(`${await urls.homeserverOf(serverName)}/_matrix/federation/v1/openid/userinfo`);
    url.searchParams.set("access_token", token);
    const response = await fetch(url);
    if (!response.ok) {
      return { ok: false, problem: "The homeserver does not know this OpenID token: ask it for a new one." };
    }
    const { sub: userId } = asObject(await response.json());
    if (typeof userId === "string" && isUserId(userId) && serverNameOf(userId) === serverName) {
      return { ok: true, userId };
    }
    return { ok: false, problem: "The homeserver named nobody of its own as the owner of this OpenID token." };
  } catch (error) {
    if (!(error instanceof OutboundError) && !(error instanceof SyntaxError)) throw error;
    log.info("a homeserver could not be asked about an OpenID token", { serverName, reason: error.message });
    return { ok: false, problem: "The homeserver could not be asked about this OpenID token: try again later." };
  }
}
