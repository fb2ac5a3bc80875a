import type { Configuration } from "../configuration/configuration.ts";

/** Of our own servers and of what whoever runs them has named: reached whatever their address. */
export function configuredOrigins(
  { recaptcha, outbound, applicationServices, sso, oauth }: Configuration,
  own: readonly string[],
): ReadonlySet<string> {
  const urls = [
    ...own,
    recaptcha.verifyUrl,
    ...Object.values(outbound.serverUrls),
    ...applicationServices.map(({ url }) => url),
    ...sso.providers.flatMap(({ tokenUrl, userInfoUrl, introspectionUrl }) => [
      tokenUrl,
      userInfoUrl,
      introspectionUrl,
    ]),
    oauth.metadataUrl,
  ];
  return new Set(urls.flatMap((url) => (url === null || url === undefined ? [] : [new URL(url).origin])));
}
