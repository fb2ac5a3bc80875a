import { error, redirect } from "@matrix-openapi/server";
import type { SingleSignOnProvider } from "../../configuration/configuration.ts";
import type { Home, SomeHandlers } from "../home.ts";
import { beginAttempt } from "./attempts.ts";
import { authMetadata } from "./auth-metadata.ts";
import { choicePage } from "./pages.ts";
import { checkRedirectUrl } from "./redirect-url.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#sso-client-loginauthentication */
export function singleSignOnHandlers(home: Home) {
  const { providers } = home.config.sso;
  const begin = async (provider: SingleSignOnProvider, redirectUrl: string, request: Request) => {
    const { location, headers } = await beginAttempt(home, provider, { redirectUrl }, request.headers.get("cookie"));
    return redirect(302, location, headers);
  };

  return {
    async redirectToSSO({ params: { query }, request }) {
      const redirectUrl = checkRedirectUrl(query.redirectUrl);
      const [only, ...others] = providers;
      if (only === undefined) return error(404, "M_UNRECOGNIZED", "This server has no single sign-on.");
      if (others.length > 0) return choicePage(providers, new URLSearchParams({ redirectUrl }));
      return begin(only, redirectUrl, request);
    },

    async redirectToIdP({ params: { path, query }, request }) {
      const redirectUrl = checkRedirectUrl(query.redirectUrl);
      const provider = providers.find(({ id }) => id === path.idpId);
      if (provider !== undefined) return begin(provider, redirectUrl, request);
      return error(404, "M_NOT_FOUND", `There is no provider ${path.idpId}: take one that GET /login lists.`);
    },

    getAuthMetadata: authMetadata(home),
  } satisfies SomeHandlers;
}
