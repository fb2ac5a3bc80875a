import type { components } from "@matrix-openapi/definitions/client-server";
import { applicationServices } from "../application-services/services.ts";
import type { Home } from "../home.ts";

type LoginFlow = components["schemas"]["LoginFlow"];

/** What the configuration lets users and application services log in with: https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3login */
export function loginFlows(home: Home): LoginFlow[] {
  const { oauth, sso } = home.config;
  const identity_providers = sso.providers.map(toIdentityProvider);
  const isPreferred = oauth.metadataUrl !== null && { oauth_aware_preferred: true };
  return [
    { type: "m.login.password" },
    ...(identity_providers.length === 0 ? [] : [{ type: "m.login.sso", identity_providers, ...isPreferred }]),
    { type: "m.login.token", get_login_token: true },
    ...(applicationServices(home).length === 0 ? [] : [{ type: "m.login.application_service" }]),
  ];
}

function toIdentityProvider({ id, name, brand, icon }: Home["config"]["sso"]["providers"][number]) {
  return { id, name, ...(brand !== undefined && { brand }), ...(icon !== undefined && { icon }) };
}
