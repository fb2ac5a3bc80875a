import type { JsonObject } from "../../json.ts";
import type { SingleSignOnProvider } from "../../configuration/configuration.ts";
import { fetchObject } from "../../outbound/fetch-object.ts";
import { OutboundError } from "../../outbound/outbound-fetch.ts";
import type { OutboundRequest } from "../../outbound/outbound-fetch.ts";
import type { Home } from "../home.ts";
import { callbackUrl } from "./attempts.ts";
import type { Attempt } from "./attempts.ts";

/** Whom a provider has authenticated. */
export interface Identity {
  /** What the provider calls them for ever. */
  readonly subject: string;
  /** What they call themselves, for a user name. */
  readonly login: string;
  readonly displayName: string | undefined;
}

/**
 * Exchanges the code that a browser has come back with, and asks who it is: RFC 6749, section 4.1.3, and OpenID Connect
 * Core, section 5.3. Undefined where the provider does not say.
 */
export async function identify(
  home: Home,
  { provider, verifier }: Attempt,
  code: string,
): Promise<Identity | undefined> {
  const grant = { grant_type: "authorization_code", code, redirect_uri: callbackUrl(home), code_verifier: verifier };
  try {
    const { access_token: token } = await fetchObject(home.fetch, provider.tokenUrl, clientForm(provider, grant));
    if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token))
      return refused(home, provider.id, "no access token");
    const authorization = `Bearer ${token}`;
    const facts = await fetchObject(home.fetch, provider.userInfoUrl, { headers: { authorization } });
    return toIdentity(facts) ?? refused(home, provider.id, "no subject");
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    return refused(home, provider.id, error.message);
  }
}

/** A form that this server sends as the provider's client: RFC 6749, section 2.3.1. */
export function clientForm(
  { clientId, clientSecret }: SingleSignOnProvider,
  fields: Readonly<Record<string, string>>,
): OutboundRequest {
  const credentials = { client_id: clientId, ...(clientSecret !== undefined && { client_secret: clientSecret }) };
  return { method: "POST", body: new URLSearchParams({ ...fields, ...credentials }) };
}

/** `id` and `login` are what GitHub calls them. */
export function toIdentity(facts: JsonObject): Identity | undefined {
  const subject = textOf(facts["sub"] ?? facts["id"]);
  if (subject === undefined) return undefined;
  const email = textOf(facts["email"])?.split("@")[0];
  const login = textOf(facts["preferred_username"]) ?? textOf(facts["login"]) ?? email ?? subject;
  return { subject, login, displayName: textOf(facts["name"]) };
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text !== "" && text.length <= 255 && !text.includes("\0") ? text : undefined;
}

function refused({ log }: Home, provider: string, reason: string): undefined {
  log.warn("a provider of single sign-on did not tell who somebody is", { provider, reason });
  return undefined;
}
