import type { TermsDocument, TermsPolicies, TermsPolicy } from "../../../configuration/terms-policies.ts";
import { html } from "../../../html.ts";
import type { Html } from "../../../html.ts";
import type { FallbackStage } from "./fallback-stage.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#terms-of-service-at-registration */
export const termsFallback: FallbackStage = {
  title: "Terms",
  form({ params }) {
    const policies = params["policies"] as unknown as TermsPolicies; // as they were configured
    return {
      content: html`<p>Please read and agree to these documents:</p>
        <ul>
          ${Object.values(policies).map(listed)}
        </ul>
        <p><button>I agree</button></p>`,
    };
  },
  submit: () => ({ attempt: {} }),
};

function listed(policy: TermsPolicy): Html {
  const documents = Object.entries(policy).flatMap(([language, document]) =>
    typeof document === "string" ? [] : [link(language, document)],
  );
  return html`<li>${documents}</li> `;
}

function link(language: string, { name, url }: TermsDocument): Html {
  return html`<a href="${url}" hreflang="${language}" lang="${language}" target="_blank" rel="noopener noreferrer"
      >${name}</a
    >
    (${language}) `;
}
