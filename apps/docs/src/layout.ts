import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { plainText } from "./markdown.ts";

/** What a page has to say about itself, before the frame is put around it. */
export interface Page {
  /** Address below the site's root, with a slash at both ends; links in pages are written so, and made relative. */
  readonly href: string;
  readonly title: string;
  readonly description: string;
  readonly content: Html;
}

/** The frame around every page: head, header with the search, navigation, content. */
export function layout(page: Page, navigation: Html): string {
  const title = page.href === "/" ? "Matrix APIs" : `${page.title} · Matrix APIs`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="description" content="${plainText(page.description)}" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="stylesheet" href="/assets/style.css" />
        <script type="module" src="/assets/page.js"></script>
        <noscript
          ><style>
            .search {
              display: none;
            }
          </style></noscript
        >
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        <header>
          <a class="brand" href="/">Matrix APIs</a>
          <div class="search">
            <input
              id="search"
              type="search"
              placeholder="Search operations, events, errors"
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
            <nav aria-label="Pages">${navigation}</nav>
          </details>
          <main id="main">${page.content}</main>
        </div>
      </body>
    </html> `.html;
}
