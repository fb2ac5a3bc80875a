import type { ApiReference } from "../api-reference.ts";
import { operationTable } from "../operation-table.ts";
import { html } from "../html.ts";
import type { Page } from "../layout.ts";
import { markdown } from "../markdown.ts";
import type { TagReference } from "../tag-groups.ts";

/** The operations of one tag, each with what it does. */
export function tagPage(api: ApiReference, { name, description, href, operations }: TagReference): Page {
  const bundle = `/openapi/tags/${api.slug}/${href.split("/").at(-2)}.json`;
  return {
    href,
    title: `${name} (${api.title})`,
    description,
    content: html`<p class="crumbs"><a href="/${api.slug}/">${api.title}</a></p>
      <h1>${name}</h1>
      ${markdown(description)} ${operationTable(operations)}
      <p class="muted">These alone as a file: <a href="${bundle}">OpenAPI 3.1 JSON</a>.</p>`,
  };
}
