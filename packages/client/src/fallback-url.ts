import { fillPath } from "./parameters.ts";

/**
 * The page on which a user completes a stage in a browser. It calls `window.onAuthDone()` or posts `authDone` to its
 * opener when it is done; the stage's handler then returns `true`. Throws `InvalidParameter` for a stage that no URL
 * can name.
 * https://spec.matrix.org/v1.19/client-server-api/#fallback
 */
export function fallbackUrl(baseUrl: string, stage: string, session: string): string {
  const path = "/_matrix/client/v3/auth/{authType}/fallback/web";
  const page = new URL(baseUrl.replace(/\/+$/, "") + fillPath(`GET ${path}`, path, { authType: stage }));
  page.searchParams.set("session", session);
  return page.href;
}
