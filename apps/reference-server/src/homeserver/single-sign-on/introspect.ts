import { MatrixError } from "@matrix-openapi/server";
import type { SingleSignOnProvider } from "../../configuration/configuration.ts";
import { fetchObject } from "../../outbound/fetch-object.ts";
import { OutboundError } from "../../outbound/outbound-fetch.ts";
import type { Platform } from "../../platform.ts";
import { clientForm, toIdentity } from "./identify.ts";
import type { Identity } from "./identify.ts";

/** What a provider says of an access token that it has issued for this server. */
interface IssuedToken {
  readonly identity: Identity;
  readonly deviceId: string;
  /** Milliseconds since the epoch; undefined where it does not say. */
  readonly expiresAt: number | undefined;
}

/**
 * Asks a provider about an access token (RFC 7662); undefined where it is not, or no longer, one for the Client-Server
 * API. Throws where the provider does not answer, lest clients throw their sessions away.
 * https://spec.matrix.org/v1.19/client-server-api/#allocated-scope-tokens
 */
export async function introspect(
  { fetch, log }: Platform,
  provider: SingleSignOnProvider,
  url: string,
  token: string,
): Promise<IssuedToken | undefined> {
  try {
    const answer = await fetchObject(fetch, url, clientForm(provider, { token, token_type_hint: "access_token" }));
    const { active, scope, exp, username: login } = answer;
    const identity = toIdentity({ ...answer, ...(login !== undefined && { login }) });
    const deviceId = deviceIn(scope);
    if (active !== true || identity === undefined || deviceId === undefined) return undefined;
    return { identity, deviceId, expiresAt: typeof exp === "number" ? Math.floor(exp * 1000) : undefined };
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    log.warn("a provider cannot be asked about an access token", { provider: provider.id, error });
    throw new MatrixError(500, "M_UNKNOWN", "The authorization server cannot be asked now: try again later.");
  }
}

/** The one device of a scope that grants access to the whole API. */
function deviceIn(scope: unknown): string | undefined {
  const granted = typeof scope === "string" ? scope.split(" ") : [];
  const [device, ...others] = granted.flatMap((name) => deviceToken.exec(name)?.[1] ?? []);
  return granted.includes("urn:matrix:client:api:*") && others.length === 0 ? device : undefined;
}

/** Of the characters that RFC 6749, section 3.3, has for scopes. */
const deviceToken = /^urn:matrix:client:device:([\x21\x23-\x5b\x5d-\x7e]{1,255})$/;
