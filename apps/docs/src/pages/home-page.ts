import { releaseName } from "../changelog.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import type { Page } from "../layout.ts";
import type { Reference } from "../reference.ts";

/** The front page: where to go for what. */
export function homePage({ apis, events, errors, changelog }: Reference): Page {
  const newest = releaseName(changelog.releases[0]?.version ?? "");
  return {
    href: "/",
    title: "Matrix APIs",
    description:
      "Reference and guides for Matrix's Client-Server and Identity Service APIs: every operation, event and error code.",
    content: html`<h1>Matrix APIs</h1>
      <p class="lead">
        Every operation, event and error code of Matrix v${apis[0]?.document.info.version}, made from one hand-written
        OpenAPI 3.1 description.
      </p>
      <h2>Reference</h2>
      <div class="cards">
        ${apis.map((api) =>
          card(
            `/${api.slug}/`,
            api.title.replace(/^Matrix /, ""),
            `${api.operations.length} operations: parameters, bodies, examples, and the error codes of each status.`,
          ),
        )}
        ${card("/events/", "Events", `${events.events.length} types: what each contains, with examples, and how it is sent.`)}
        ${card("/errors/", "Error codes", `${errors.length} codes: what each means and which operations answer it.`)}
      </div>
      <h2>Guides</h2>
      <div class="cards">
        ${card("/guides/user-interactive-auth/", "User-interactive auth", "How the 401 with flows, params and session works, step by step, with code.")}
        ${card("/guides/events-in-typescript/", "Events in TypeScript", "Contents by type, telling events apart, and event types of your own.")}
      </div>
      <h2>To keep up, and to take along</h2>
      <div class="cards">
        ${card("/changes/", "Changes by version", `What each version added, changed and deprecated, up to ${newest}.`)}
        ${card("/downloads/", "Downloads", "OpenAPI 3.1 and 3.0, JSON and YAML, whole or by tag; JSON Schemas of events.")}
      </div>`,
  };
}

function card(href: string, title: string, text: string): Html {
  return html`<a class="card" href="${href}"><strong>${title}</strong><span>${text}</span></a>`;
}
