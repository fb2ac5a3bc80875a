import { html } from "../html.ts";
import type { Page } from "../layout.ts";

/** What a server of the site answers where there is no page. */
export function notFoundPage(): Page {
  return {
    href: "/404.html",
    title: "There is no such page",
    description: "There is no such page.",
    content: html`<h1>There is no such page</h1>
      <p>Try the search above, or start from <a href="/">the front page</a>.</p>`,
  };
}
