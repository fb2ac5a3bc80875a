import type { ApiReference } from "../api-reference.ts";
import { html } from "../html.ts";
import { groupByTag } from "../layout.ts";
import type { Page } from "../layout.ts";
import { markdown } from "../markdown.ts";

/** The front page of one API: all of its operations, by tag. */
export function apiPage(api: ApiReference): Page {
  const tags = new Map((api.document.tags ?? []).map(({ name, description }) => [name, description]));
  return {
    href: `/${api.slug}/`,
    title: api.title,
    description: api.document.info.description ?? api.title,
    content: html`<h1>${api.title}</h1>
      <p class="muted">${api.operations.length} operations, as of Matrix v${api.document.info.version}</p>
      ${markdown(api.document.info.description ?? "")}
      ${groupByTag(api).map(
        ([tag, operations]) =>
          html`<h2>${tag}</h2>
            <p>${tags.get(tag)}</p>
            <table class="operations">
              <tbody>
                ${operations.map(
                  ({ href, descriptor, operation }) =>
                    html`<tr>
                      <td><span class="method ${descriptor.method.toLowerCase()}">${descriptor.method}</span></td>
                      <td>
                        <a href="${href}">${operation.summary}</a
                        >${descriptor.deprecated && html` <span class="badge deprecated">deprecated</span>`}<br />
                        <code class="muted">${descriptor.path}</code>
                      </td>
                    </tr>`,
                )}
              </tbody>
            </table>`,
      )}`,
  };
}
