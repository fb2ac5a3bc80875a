import type { ApiReference } from "../api-reference.ts";
import { versionBadges } from "../badges.ts";
import type { ErrorCode, ErrorUse } from "../errors.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import type { Page } from "../layout.ts";
import { code, inlineMarkdown, markdown } from "../markdown.ts";
import { schemaView } from "../schema-view.ts";

/** The list of all error codes, and a page for each: what it means and who answers it. */
export function errorPages(errors: readonly ErrorCode[], apis: readonly ApiReference[]): readonly Page[] {
  return [indexPage(errors), ...errors.map((error) => errorPage(error, apis))];
}

function indexPage(errors: readonly ErrorCode[]): Page {
  return {
    href: "/errors/",
    title: "Error codes",
    description: "Every error code in use, what it means, and which operations answer it.",
    content: html`<h1>Error codes</h1>
      <p>
        An error is a JSON object with <code>errcode</code>, which programs decide by, and <code>error</code>, which
        people read.
      </p>
      <table class="names">
        <tbody>
          ${errors.map(
            ({ errcode, schema }) =>
              html`<tr>
                <td>
                  <a href="/errors/${errcode}/"><code>${errcode}</code></a> ${versionBadges(schema)}
                </td>
                <td>${inlineMarkdown(schema.description ?? "")}</td>
              </tr>`,
          )}
        </tbody>
      </table>`,
  };
}

function errorPage({ errcode, schema, uses }: ErrorCode, apis: readonly ApiReference[]): Page {
  const api = apis.find(({ document }) => errcode in document.components.schemas);
  const statuses = [...new Set(uses.map(({ status }) => status))].toSorted();
  return {
    href: `/errors/${errcode}/`,
    title: errcode,
    description: schema.description ?? errcode,
    content: html`<p class="crumbs"><a href="/errors/">Error codes</a></p>
      <h1><code>${errcode}</code></h1>
      <p>
        ${statuses.map((status) => html`<span class="status s${status.charAt(0)}">${status}</span> `)}
        ${versionBadges(schema)}
      </p>
      ${markdown(schema.description ?? "")} ${api !== undefined && schemaView(api.document, schema)}
      ${(schema.examples ?? []).map((example) => code(JSON.stringify(example, null, 2), "json"))}
      ${usesView(
        "Answered by",
        uses.filter(({ common }) => !common),
      )}
      ${usesView(
        "Shared by all operations of a kind",
        uses.filter(({ common }) => common),
      )}
      ${uses.length === 0 && html`<p class="muted">Any operation may answer it, or a stage of user-interactive auth.</p>`}`,
  };
}

function usesView(title: string, uses: readonly ErrorUse[]): Html | false {
  if (uses.length === 0) return false;
  return html`<h2>${title}</h2>
    <table>
      <tbody>
        ${uses.map(
          ({ operation, status, versions }) =>
            html`<tr>
              <td><span class="status s${status.charAt(0)}">${status}</span></td>
              <td>
                <a href="${operation.href}#${status}">${operation.operation.summary}</a>
                ${versionBadges(versions)}<br /><code class="muted"
                  >${operation.descriptor.method} ${operation.descriptor.path}</code
                >
              </td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}
