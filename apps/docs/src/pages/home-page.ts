import type { ApiReference } from "../api-reference.ts";
import type { ErrorCode } from "../errors.ts";
import { html } from "../html.ts";
import type { Page } from "../layout.ts";

/** The front page: where to go for what. */
export function homePage(apis: readonly ApiReference[], errors: readonly ErrorCode[]): Page {
  return {
    href: "/",
    title: "Matrix APIs",
    description: "Reference and guides for Matrix's Client-Server and Identity Service APIs.",
    content: html`<h1>Matrix APIs</h1>
      <p class="lead">Reference and guides, made from one hand-written OpenAPI 3.1 description.</p>
      <p>${scope(apis)}</p>
      <div class="cards">
        ${apis.map(
          (api) =>
            html`<a class="card" href="/${api.slug}/"
              ><strong>${api.title}</strong
              ><span
                >${api.operations.length} operations: parameters, bodies, examples, and the error codes of each
                status.</span
              ></a
            >`,
        )}
        <a class="card" href="/guides/user-interactive-auth/"
          ><strong>User-interactive auth</strong
          ><span>How the 401 with flows, params and session works, step by step, with code.</span></a
        >
        <a class="card" href="/errors/"
          ><strong>Error codes</strong
          ><span>${errors.length} codes: what each means and which operations answer it.</span></a
        >
      </div>
      <h2>As files</h2>
      <p>
        ${apis.map((api) => html`<a href="/openapi/${api.slug}.json">${api.title} as OpenAPI 3.1 JSON</a><br />`)}
      </p>`,
  };
}

// The Client-Server API is described module by module; the other one is complete.
function scope(apis: readonly ApiReference[]): string {
  const count = (slug: ApiReference["slug"]) => apis.find((api) => api.slug === slug)?.operations.length ?? 0;
  const version = apis[0]?.document.info.version ?? "";
  return `Matrix v${version} · ${count("client-server")} operations of the Client-Server API so far, all ${count("identity")} of the Identity Service API`;
}
