import type { UiaStage } from "@matrix-openapi/server";
import { html } from "../../html.ts";
import type { FallbackStage } from "../user-interactive-auth/fallback/fallback-stage.ts";

/** No client can complete it by a request: https://spec.matrix.org/v1.19/client-server-api/#sso-during-user-interactive-authentication */
export const ssoStage: UiaStage = () => ({
  ok: false,
  errcode: "M_FORBIDDEN",
  error: "This step is completed in a browser: open the fallback page of m.login.sso.",
});

/** The user is told what it is about before the provider is asked, which may confirm it without another word. */
export const ssoFallback: FallbackStage = {
  title: "Confirm with single sign-on",
  form: ({ session }) => ({
    content: html`<p>
        An application wants to change something about the account ${session.userId ?? ""} that needs your consent. Log
        in once more to confirm it.
      </p>
      <p>If you did not expect this, close this page: somebody else may be using your account.</p>
      <p><a href="../../../login/sso/confirm?session=${encodeURIComponent(session.id)}">Confirm</a></p>`,
  }),
  submit: () => ({ attempt: {} }),
};
