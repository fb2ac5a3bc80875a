import { MatrixError } from "@matrix-openapi/server";
import type { Platform } from "../../platform.ts";

/** Schemes that run or read what they name, where a browser is sent there. */
const dangerous = new Set(["javascript:", "data:", "vbscript:", "blob:", "file:", "about:", "view-source:"]);

/** The URL that a client wants its user back at; applications have schemes of their own. Throws what is answered. */
export function checkRedirectUrl(text: string): string {
  const url = URL.parse(text);
  if (url !== null && !dangerous.has(url.protocol)) return url.href;
  throw new MatrixError(400, "M_INVALID_PARAM", "redirectUrl is none that a user can be sent to: give a whole URL.");
}

/** Whether the configuration lets users be sent there without being asked. */
export function isTrusted({ config }: Pick<Platform, "config">, redirectUrl: string): boolean {
  return config.sso.trustedRedirectUrls.some(
    (trusted) => redirectUrl === trusted || redirectUrl.startsWith(trusted.endsWith("/") ? trusted : `${trusted}/`),
  );
}

/** https://spec.matrix.org/v1.19/client-server-api/#handling-the-callback-from-the-authentication-server */
export function withLoginToken(redirectUrl: string, token: string): string {
  const url = new URL(redirectUrl);
  const others = url.search
    .slice(1)
    .split("&")
    .filter((part) => part !== "" && !/^loginToken(?:=|$)/.test(part));
  url.search = [...others, `loginToken=${encodeURIComponent(token)}`].join("&");
  return url.href;
}
