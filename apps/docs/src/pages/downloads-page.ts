import { bundleTitle } from "../downloads.ts";
import type { Download } from "../downloads.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import type { Page } from "../layout.ts";

/** The files to feed to other tools, with a word on which is for what. */
export function downloadsPage(downloads: readonly Download[]): Page {
  const whole = downloads.filter(
    ({ path }) => /^[a-z-]+(-3\.0)?\.(json|yaml)$/.test(path) && path !== "changelog.json",
  );
  const names = [...new Set(whole.map(({ path }) => path.replace(/(-3\.0)?\.(json|yaml)$/, "")))];
  const schemas = downloads.filter(({ path }) => path.startsWith("json-schemas/"));
  const tags = Map.groupBy(
    downloads.filter(({ path }) => path.startsWith("tags/")),
    ({ path }) => path.split("/")[1] ?? "",
  );
  const rest = downloads.filter((one) => ![whole, schemas, ...tags.values()].some((known) => known.includes(one)));
  return {
    href: "/downloads/",
    title: "Downloads",
    description:
      "The whole description as files: OpenAPI 3.1 and 3.0, JSON and YAML, by tag, and JSON Schemas of events.",
    content: html`<h1>Downloads</h1>
      <p>
        Every page here is made from these files. They hold no references to other files, and their addresses stay as
        they are.
      </p>
      <h2 id="which">Which one to take</h2>
      <dl class="fields">
        ${advice.map(
          ([tool, choice]) =>
            html`<div class="field">
              <dt><strong>${tool}</strong></dt>
              <dd>${choice}</dd>
            </div>`,
        )}
      </dl>
      <h2 id="whole">Whole APIs</h2>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th></th>
              <th>OpenAPI 3.1</th>
              <th>OpenAPI 3.0</th>
            </tr>
          </thead>
          <tbody>
            ${names.map(
              (name) =>
                html`<tr>
                  <td>${bundleTitle(`${name}.json`)}</td>
                  ${["", "-3.0"].map((suffix) => html`<td>${whole.filter(({ path }) => path.startsWith(`${name}${suffix}.`)).map(formatLink)}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <h2 id="by-tag">By tag</h2>
      <p>The operations of one tag, with all the schemas they need: OpenAPI 3.1, JSON.</p>
      ${[...tags].map(
        ([api, files]) =>
          html`<h3 id="by-tag-${api}">${bundleTitle(`${api}.json`)}</h3>
            ${fileList(files)}`,
      )}
      <h2 id="json-schemas">JSON Schemas of events</h2>
      <p>
        The content of each type of event, each file complete in itself (draft 2020-12).
        <a href="/openapi/json-schemas/events/index.json"><code>index.json</code></a> lists them by type and kind.
      </p>
      <details>
        <summary>${schemas.length} files</summary>
        ${fileList(schemas)}
      </details>
      <h2 id="changes">Changes</h2>
      <p>What the page of <a href="/changes/">changes by version</a> shows.</p>
      ${fileList(rest)}`,
  };
}

const advice: readonly (readonly [string, string])[] = [
  [
    "openapi-typescript, Hey API, Orval, Kiota, Redocly, Scalar, Schemathesis",
    "OpenAPI 3.1: the description itself. Everything on these pages is in it.",
  ],
  [
    "openapi-generator, oapi-codegen, NSwag, API gateways, and whatever stumbles over 3.1",
    "OpenAPI 3.0, made from the former: it accepts the same requests and responses, or a few more where 3.0 cannot say it.",
  ],
  [
    "Postman, Insomnia, Bruno; trying something out; a language model's context",
    "One tag: a small file that has all it needs.",
  ],
  [
    "Ajv, jsonschema and other validators; editors; generators of models",
    "The JSON Schema of an event type, to check or to model its content.",
  ],
  ["People and reviews", "YAML where there is a choice: it is the same, and reads better."],
];

function formatLink({ path, href, bytes }: Download): Html {
  return html`<a href="${href}">${path.endsWith(".yaml") ? "YAML" : "JSON"}</a>
    <span class="muted">${size(bytes)}</span> `;
}

function fileList(files: readonly Download[]): Html {
  return html`<ul class="files">
    ${files.map(({ path, href, bytes }) => html`<li><a href="${href}">${path.split("/").at(-1)}</a> <span class="muted">${size(bytes)}</span></li>`)}
  </ul>`;
}

function size(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
