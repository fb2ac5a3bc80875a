import type { DocumentedOperation } from "./api-reference.ts";
import { versionBadges } from "./badges.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";

/** Operations below each other: method, what it does, path. `fill` completes a path that is known in part. */
export function operationTable(
  operations: readonly DocumentedOperation[],
  fill: (path: string) => string = (path) => path,
): Html {
  return html`<table class="operations">
    <tbody>
      ${operations.map(
        ({ href, descriptor, operation }) =>
          html`<tr>
            <td><span class="method ${descriptor.method.toLowerCase()}">${descriptor.method}</span></td>
            <td>
              <a href="${href}">${operation.summary}</a> ${versionBadges(operation)}<br />
              <code class="muted">${fill(descriptor.path)}</code>
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
