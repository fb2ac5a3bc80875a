import type { HtmlResult } from "@matrix-openapi/server";
import { html, pageResult } from "../../../html.ts";
import type { FallbackStage, StageState } from "./fallback-stage.ts";

/** The form of a stage; what was wrong with the last attempt is told in it. */
export function formPage(stage: FallbackStage, state: StageState, problem?: string): HtmlResult {
  const { content, allow } = stage.form(state);
  const body = html`<h1>${stage.title}</h1>
    <form method="post" action="web">
      <input type="hidden" name="session" value="${state.session.id}" />
      ${problem === undefined ? "" : html`<p class="error" role="alert">${problem}</p>`} ${content}
    </form>`;
  return pageResult(problem === undefined ? 200 : 400, {
    title: stage.title,
    body,
    ...(allow !== undefined && { allow }),
  });
}

/** Tells the client that the stage is complete, in both ways of https://spec.matrix.org/v1.19/client-server-api/#fallback */
export function donePage(): HtmlResult {
  const title = "Done";
  const body = html`<h1>${title}</h1>
    <p>This step is complete. You can close this page and go back to the application.</p>`;
  return pageResult(200, { title, body, script: notifyClient });
}

/** A page that only says something. */
export function messagePage(status: number, message: string): HtmlResult {
  const title = "Authentication";
  const body = html`<h1>${title}</h1>
    <p>${message}</p>`;
  return pageResult(status, { title, body });
}

const notifyClient = `
if (window.onAuthDone) window.onAuthDone();
else if (window.opener && window.opener.postMessage) window.opener.postMessage("authDone", "*");
`;
