import type { ApiReference } from "./api-reference.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";

/** What a page has to say about itself, before the frame is put around it. */
export interface Page {
  /** Address below the site's root, with a slash at both ends; links in pages are written so, and made relative. */
  readonly href: string;
  readonly title: string;
  readonly description: string;
  readonly content: Html;
}

/** The frame around every page: head, header with the search, navigation, content. */
export function layout(page: Page, apis: readonly ApiReference[]): string {
  const title = page.href === "/" ? "Matrix APIs" : `${page.title} · Matrix APIs`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="description" content="${page.description}" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="stylesheet" href="/assets/style.css" />
        <script type="module" src="/assets/page.js"></script>
      </head>
      <body>
        <a class="skip" href="#content">Skip to content</a>
        <header>
          <a class="brand" href="/">Matrix APIs</a>
          <div class="search">
            <input
              id="search"
              type="search"
              placeholder="Search operations, errors, guides"
              aria-label="Search"
              aria-controls="results"
              autocomplete="off"
            />
            <ul id="results" aria-live="polite" hidden></ul>
          </div>
        </header>
        <div class="columns">
          <details class="contents">
            <summary>Contents</summary>
            <nav aria-label="Pages">${navigation(page, apis)}</nav>
          </details>
          <main id="content">${page.content}</main>
        </div>
      </body>
    </html> `.html;
}

function navigation(page: Page, apis: readonly ApiReference[]): Html {
  return html`<h2>Guides</h2>
    <ul>
      ${entry(page, "/guides/user-interactive-auth/", "User-interactive auth")}
      ${entry(page, "/errors/", "Error codes")}
    </ul>
    ${apis.map(
      (api) =>
        html`<h2><a href="/${api.slug}/">${api.title}</a></h2>
          ${groupByTag(api).map(
            ([tag, operations]) =>
              html`<details ${operations.some(({ href }) => href === page.href) && "open"}>
                <summary>${tag}</summary>
                <ul>
                  ${operations.map(({ href, operation }) => entry(page, href, operation.summary))}
                </ul>
              </details>`,
          )}`,
    )}`;
}

function entry(page: Page, href: string, text: string): Html {
  return html`<li><a href="${href}" ${page.href === href && html`aria-current="page"`}>${text}</a></li>`;
}

/** The operations of an API by tag, in the order in which the description lists the tags. */
export function groupByTag(api: ApiReference): [tag: string, operations: ApiReference["operations"]][] {
  const tags = (api.document.tags ?? []).map(({ name }) => name);
  return tags
    .map((tag): [string, ApiReference["operations"]] => [
      tag,
      api.operations.filter(({ descriptor }) => descriptor.tag === tag),
    ])
    .filter(([, operations]) => operations.length > 0);
}
