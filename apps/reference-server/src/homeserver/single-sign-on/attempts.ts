import { createHash } from "node:crypto";
import type { SingleSignOnProvider } from "../../configuration/configuration.ts";
import { createToken, hashToken } from "../../crypto/tokens.ts";
import type { Platform } from "../../platform.ts";
import type { Home } from "../home.ts";

/** What a browser is sent to a provider for: to log in, or to complete a stage of user-interactive auth. */
export interface Purpose {
  readonly redirectUrl?: string;
  readonly uiaSession?: string;
}

/** A browser that has come back from its provider. */
export interface Attempt extends Purpose {
  readonly provider: SingleSignOnProvider;
  /** The secret behind the challenge of PKCE. */
  readonly verifier: string;
}

/**
 * Where to send a browser, and the cookie by which it is known when it comes back, so that nobody can be made to finish
 * what another has begun. https://spec.matrix.org/v1.19/client-server-api/#redirecting-to-the-authentication-server
 */
export async function beginAttempt(
  home: Home,
  provider: SingleSignOnProvider,
  { redirectUrl, uiaSession }: Purpose,
  cookies: string | null,
): Promise<{ readonly location: string; readonly headers: Readonly<Record<string, string>> }> {
  const { db, clock, random, urls } = home;
  const browser = browserOf(cookies) ?? createToken(random, "session");
  const [state, verifier] = [createToken(random, "session"), createToken(random, "session")];
  await db
    .insertInto("hs_sso_attempts")
    .values({
      state_hash: hashToken(state),
      browser_hash: hashToken(browser),
      provider_id: provider.id,
      verifier,
      redirect_url: redirectUrl ?? null,
      uia_session: uiaSession ?? null,
      expires_at: clock.now() + lifetime,
    })
    .execute();
  const location = new URL(provider.authorizationUrl);
  const query = {
    response_type: "code",
    client_id: provider.clientId,
    redirect_uri: callbackUrl(home),
    scope: (provider.scopes ?? ["openid", "profile"]).join(" "),
    state,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(query)) location.searchParams.set(name, value);
  const secure = urls.homeserver.startsWith("https:") ? "; Secure" : "";
  const cookie = `${cookieName}=${browser}; Path=/_matrix/client/v3/login/sso; Max-Age=${lifetime / 1000}`;
  return {
    location: location.href,
    headers: { "set-cookie": `${cookie}; HttpOnly; SameSite=Lax${secure}`, "cache-control": "no-store" },
  };
}

/** The attempt that a state stands for, once, and in the browser only that has begun it. */
export async function finishAttempt(
  { db, clock, config }: Platform,
  state: string,
  cookies: string | null,
): Promise<Attempt | undefined> {
  const browser = browserOf(cookies);
  if (browser === undefined) return undefined;
  const row = await db
    .deleteFrom("hs_sso_attempts")
    .where("state_hash", "=", hashToken(state))
    .where("browser_hash", "=", hashToken(browser))
    .where("expires_at", ">", clock.now())
    .returningAll()
    .executeTakeFirst();
  const provider = config.sso.providers.find(({ id }) => id === row?.provider_id);
  if (row === undefined || provider === undefined) return undefined;
  return {
    provider,
    verifier: row.verifier,
    ...(row.redirect_url !== null && { redirectUrl: row.redirect_url }),
    ...(row.uia_session !== null && { uiaSession: row.uia_session }),
  };
}

/** Where providers send browsers back to. */
export function callbackUrl({ urls }: Pick<Platform, "urls">): string {
  return `${urls.homeserver}/_matrix/client/v3/login/sso/callback`;
}

const lifetime = 15 * 60_000;
const cookieName = "matrix_sso";

function browserOf(cookies: string | null): string | undefined {
  return new RegExp(`(?:^|; *)${cookieName}=([\\w-]{20,100})(?:;|$)`).exec(cookies ?? "")?.[1];
}
