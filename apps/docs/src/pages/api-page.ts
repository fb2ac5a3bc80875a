import type { ApiReference } from "../api-reference.ts";
import { html } from "../html.ts";
import type { Page } from "../layout.ts";
import { markdown } from "../markdown.ts";
import { operationTable } from "../operation-table.ts";
import { tagGroups } from "../tag-groups.ts";

/** The front page of one API: all of its operations, by tag. */
export function apiPage(api: ApiReference): Page {
  const tags = tagGroups(api).flatMap((group) => group.tags);
  return {
    href: `/${api.slug}/`,
    title: api.title,
    description: api.document.info.description ?? api.title,
    content: html`<h1>${api.title}</h1>
      <p class="muted">${api.operations.length} operations, as of Matrix v${api.document.info.version}</p>
      ${markdown(api.document.info.description ?? "")}
      ${tags.map(
        ({ name, description, href, operations }) =>
          html`<h2><a class="anchor" href="${href}">${name}</a></h2>
            <p>${description}</p>
            ${operationTable(operations)}`,
      )}`,
  };
}
