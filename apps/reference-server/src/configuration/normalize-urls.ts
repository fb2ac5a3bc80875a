import type { Configuration } from "./configuration.ts";
import type { TermsPolicies } from "./terms-policies.ts";
import { showValue } from "./show-value.ts";

/** The configuration with its URLs as they are sent to clients, whose formats take ASCII only (RFC 3986); the problems are those that are no URLs. */
export function normalizeUrls(given: Configuration): {
  readonly configuration: Configuration;
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const read = (field: string, url: string): string => {
    const normal = normalize(url);
    if (normal === null) problems.push(`${field} is ${showValue(url)}; expected a URL, as https://example.org/path`);
    return normal ?? url;
  };
  const optional = (field: string, url: string | null) => (url === null ? null : read(field, url));
  const terms = (field: string, policies: TermsPolicies) =>
    mapValues(policies, (policy, id) =>
      mapValues(policy, (document, language) =>
        typeof document === "string"
          ? document
          : { ...document, url: read(`${field}.${id}.${language}.url`, document.url) },
      ),
    ) as TermsPolicies; // only the URLs are others

  const { baseUrls, wellKnown, recaptcha, sms, mail, identity, outbound } = given;
  if (mail.smtpUrl !== null && !URL.canParse(mail.smtpUrl)) {
    problems.push(
      "mail.smtpUrl is no URL, and not shown because it may be secret; expected one like smtp://user:password@host:587",
    );
  }
  const configuration: Configuration = {
    ...given,
    baseUrls: {
      homeserver: optional("baseUrls.homeserver", baseUrls.homeserver),
      identity: optional("baseUrls.identity", baseUrls.identity),
    },
    wellKnown: {
      ...wellKnown,
      homeserver: optional("wellKnown.homeserver", wellKnown.homeserver),
      identityServer: optional("wellKnown.identityServer", wellKnown.identityServer),
    },
    terms: terms("terms", given.terms),
    recaptcha: {
      ...recaptcha,
      verifyUrl: read("recaptcha.verifyUrl", recaptcha.verifyUrl),
      scriptUrl: read("recaptcha.scriptUrl", recaptcha.scriptUrl),
    },
    sms: { ...sms, webhookUrl: optional("sms.webhookUrl", sms.webhookUrl) },
    identity: { ...identity, terms: terms("identity.terms", identity.terms) },
    outbound: {
      ...outbound,
      serverUrls: mapValues(outbound.serverUrls, (url, name) => read(`outbound.serverUrls.${name}`, url)),
    },
  };
  return { configuration, problems };
}

/** `new URL` writes umlauts in ASCII, but lets characters like `|` and a lone `%` pass; base URLs must not get a slash at the end. */
function normalize(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (!/^(?:[\w.-]+|\[[\d:a-f]+\])$/.test(url.hostname)) return null;
  url.pathname = inAscii(url.pathname);
  url.search = inAscii(url.search.slice(1));
  url.hash = inAscii(url.hash.slice(1));
  return text.endsWith("/") ? url.href : url.href.replace(/\/$/, "");
}

function inAscii(part: string): string {
  return part.replace(/[^\w\-.~!$&'()*+,;=:@/?%]|%(?![\da-f]{2})/gi, encodeURIComponent);
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T, key: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}
