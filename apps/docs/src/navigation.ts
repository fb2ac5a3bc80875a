import type { ApiReference } from "./api-reference.ts";
import { kindTitles } from "./events.ts";
import type { EventReference } from "./events.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import type { Page } from "./layout.ts";
import type { Reference } from "./reference.ts";
import { tagGroups } from "./tag-groups.ts";
import type { TagGroup, TagReference } from "./tag-groups.ts";

/**
 * The contents beside a page: every tag and every kind of event, and below the page's own what else belongs to it, so
 * that they stay short on a site of hundreds of pages.
 */
export function navigation(page: Page, { apis, events }: Reference): Html {
  return html`<h2>Guides and files</h2>
    <ul>
      ${entry(page, "/guides/user-interactive-auth/", "User-interactive auth")}
      ${entry(page, "/guides/events-in-typescript/", "Events in TypeScript")}
      ${entry(page, "/changes/", "Changes by version")} ${entry(page, "/downloads/", "Downloads")}
    </ul>
    ${apis.map((api) => apiView(page, api))}
    <h2><a href="/events/" ${current(page, "/events/")}>Events</a></h2>
    ${eventsView(page, events)}
    <h2><a href="/formats/" ${current(page, "/formats/")}>Formats</a></h2>
    <h2><a href="/errors/" ${current(page, "/errors/")}>Error codes</a></h2>`;
}

function apiView(page: Page, api: ApiReference): Html {
  const href = `/${api.slug}/`;
  const title = api.title.replace(/^Matrix /, "");
  return html`<h2><a href="${href}" ${current(page, href)}>${title}</a></h2>
    ${tagGroups(api).map((group) => groupView(page, group))}`;
}

/**
 * Groups are open where the page belongs to one of them, and where it belongs to none, so that a reader can look
 * around.
 */
function groupView(page: Page, { title, tags }: TagGroup): Html {
  const list = html`<ul>
    ${tags.map((tag) => tagView(page, tag))}
  </ul>`;
  if (title === "") return list;
  return html`<details
    ${(tags.some((tag) => isWithin(page, tag)) || !/^\/(client-server|events)\/./.test(page.href)) && "open"}
  >
    <summary>${title}</summary>
    ${list}
  </details>`;
}

function tagView(page: Page, tag: TagReference): Html {
  const operations =
    isWithin(page, tag) &&
    html`<ul>
      ${tag.operations.map(({ href, operation }) => entry(page, href, operation.summary))}
    </ul>`;
  return html`<li><a href="${tag.href}" ${current(page, tag.href)}>${tag.name}</a>${operations}</li>`;
}

function eventsView(page: Page, { events }: EventReference): Html {
  const shown = events.find(({ href }) => href === page.href);
  return html`<ul>
    ${Object.entries(kindTitles).map(
      ([kind, title]) =>
        html`<li>
          <a href="/events/#${kind}">${title}</a>${
            shown?.kinds[0] === kind &&
            html`<ul>
              ${events.filter(({ kinds }) => kinds.some((one) => one === kind)).map(({ href, type }) => entry(page, href, type))}
            </ul>`
          }
        </li>`,
    )}
  </ul>`;
}

function isWithin(page: Page, { href, operations }: TagReference): boolean {
  return page.href === href || operations.some((operation) => operation.href === page.href);
}

function entry(page: Page, href: string, text: string): Html {
  return html`<li><a href="${href}" ${current(page, href)}>${text}</a></li>`;
}

function current(page: Page, href: string): Html | false {
  return page.href === href && html`aria-current="page"`;
}
