import type { Routes } from "./answers.ts";
import { page, segment } from "./answers.ts";
import type { Stages } from "./stages.ts";

const form = `<form method="post"><input name="agree" type="checkbox"><button>Agree</button></form>`;
const doneScript = `<script>window.onAuthDone?.(); window.opener?.postMessage("authDone", "*");</script>`;

/** The page on which any stage is completed by agreeing to it. */
export function fallbackRoutes({ completeOnPage }: Stages): Routes {
  return {
    "GET /_matrix/client/v3/auth/*/fallback/web": () => page(form),
    "POST /_matrix/client/v3/auth/*/fallback/web": (call) => {
      completeOnPage(call.query.get("session") ?? "", segment(call, 3));
      return page(doneScript);
    },
  };
}
