import { html } from "../../../html.ts";
import type { Platform } from "../../../platform.ts";
import type { FallbackStage } from "./fallback-stage.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#google-recaptcha */
export function recaptchaFallback({ config, random }: Platform): FallbackStage {
  const { scriptUrl } = config.recaptcha;
  return {
    title: "Show that you are no robot",
    form({ params }) {
      const nonce = Buffer.from(random.bytes(18)).toString("base64");
      return {
        content: html`<noscript><p class="error">This step needs JavaScript.</p></noscript>
          <script src="${scriptUrl}" nonce="${nonce}" async defer></script>
          <div class="g-recaptcha" data-sitekey="${String(params["public_key"])}"></div>
          <p><button>Continue</button></p>`,
        // The script is trusted with what it loads itself; it shows the captcha in a frame.
        allow: {
          "script-src": `'nonce-${nonce}' 'strict-dynamic'`,
          "frame-src": new URL(scriptUrl).origin,
          "connect-src": new URL(scriptUrl).origin,
        },
      };
    },
    submit: ({ fields }) => ({ attempt: { response: fields["g-recaptcha-response"] ?? "" } }),
  };
}
