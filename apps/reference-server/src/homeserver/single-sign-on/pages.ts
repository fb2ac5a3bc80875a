import type { HtmlResult } from "@matrix-openapi/server";
import type { SingleSignOnProvider } from "../../configuration/configuration.ts";
import { html, pageResult } from "../../html.ts";

/** For clients that let their users choose here. */
export function choicePage(providers: readonly SingleSignOnProvider[], query: URLSearchParams): HtmlResult<200> {
  const title = "Log in";
  const links = providers.map(
    ({ id, name }) => html`<li><a href="redirect/${encodeURIComponent(id)}?${String(query)}">${name}</a></li> `,
  );
  const body = html`<h1>${title}</h1>
    <p>Where do you have an account?</p>
    <ul>
      ${links}
    </ul>`;
  return pageResult(200, { title, body });
}

/** Nobody is to hand out their account by following a link: https://spec.matrix.org/v1.19/client-server-api/#security-considerations-19 */
export function confirmationPage(userId: string, target: string): HtmlResult<200> {
  const title = "Continue to your account";
  const { protocol, host } = new URL(target);
  const body = html`<h1>${title}</h1>
    <p>
      You are ${userId}. The application at <strong>${host === "" ? protocol : `${protocol}//${host}`}</strong> asks for
      access to your account.
    </p>
    <p><a href="${target}">Continue</a></p>
    <p>If you do not know it, close this page.</p>`;
  return pageResult(200, { title, body });
}
