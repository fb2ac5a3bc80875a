import type { DocumentedOperation } from "../api-reference.ts";
import { isErrcode } from "../errors.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import type { Page } from "../layout.ts";
import { code, inlineMarkdown, markdown } from "../markdown.ts";
import { follow } from "../openapi.ts";
import type { MediaType, Parameter, Response } from "../openapi.ts";
import { clientSample } from "../samples/client-sample.ts";
import { curlSample } from "../samples/curl-sample.ts";
import { schemaView, typeName } from "../schema-view.ts";

/** The page of one operation: what it does, what it takes, everything it can answer. */
export function operationPage(documented: DocumentedOperation): Page {
  const { api, descriptor, operation, parameters, href } = documented;
  return {
    href,
    title: operation.summary,
    description: operation.description,
    content: html`<p class="crumbs"><a href="/${api.slug}/">${api.title}</a> › ${descriptor.tag}</p>
      <h1>${operation.summary}</h1>
      <p class="endpoint">
        <span class="method ${descriptor.method.toLowerCase()}">${descriptor.method}</span>
        <code>${descriptor.path}</code>
      </p>
      <ul class="facts">
        ${facts(documented).map((fact) => html`<li>${fact}</li>`)}
      </ul>
      ${markdown(operation.description)} ${onThisPage(documented)} ${parametersView(documented, parameters)}
      ${requestView(documented)}
      <h2 id="samples">Samples</h2>
      ${code(curlSample(documented), "bash")} ${code(clientSample(documented), "typescript")}
      <h2 id="responses">Responses</h2>
      ${Object.entries(operation.responses).map(([status, response]) =>
        responseView(documented, status, follow<Response>(api.document, response)),
      )}`,
  };
}

function facts({ descriptor, operation }: DocumentedOperation): (Html | string)[] {
  const { auth, uia, rateLimited, since, guest } = descriptor;
  return [
    operation.deprecated === true && html`<strong>Deprecated</strong>`,
    { none: "No access token", optional: "Access token optional", required: "Access token required" }[auth.mode],
    auth.mode === "required" && guest && "Open to guests",
    uia !== null && html`<a href="/guides/user-interactive-auth/">User-interactive auth</a>`,
    rateLimited && "Rate limited",
    since !== null && `Since v${since}`,
    html`operationId <code>${descriptor.operationId}</code>`,
  ].filter((fact) => fact !== false);
}

function onThisPage({ operation, parameters }: DocumentedOperation): Html {
  const parts = [
    parameters.length > 0 && (["parameters", "Parameters"] as const),
    operation.requestBody !== undefined && (["request", "Request body"] as const),
    ["samples", "Samples"] as const,
    ...Object.keys(operation.responses).map((status) => [status, status] as const),
  ].filter((part) => part !== false);
  return html`<nav class="parts" aria-label="On this page">
    <span class="muted">On this page:</span> ${parts.map(([id, name]) => html`<a href="#${id}">${name}</a> `)}
  </nav>`;
}

function parametersView({ api }: DocumentedOperation, parameters: readonly Parameter[]): Html | false {
  if (parameters.length === 0) return false;
  return html`<h2 id="parameters">Parameters</h2>
    <dl class="fields">
      ${parameters.map(
        (parameter) =>
          html`<div class="field">
            <dt>
              <code>${parameter.name}</code>
              <span class="type">${parameter.in} · ${typeName(api.document, parameter.schema)}</span>
              ${parameter.required === true && html`<span class="badge required">required</span>`}
              ${parameter["x-addedInMatrixVersion"] !== undefined && html`<span class="badge">since v${parameter["x-addedInMatrixVersion"]}</span>`}
            </dt>
            <dd>${inlineMarkdown(parameter.description ?? "")}</dd>
          </div>`,
      )}
    </dl>`;
}

function requestView(documented: DocumentedOperation): Html | false {
  const { operation } = documented;
  const [type, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  if (type === undefined || media === undefined) return false;
  return html`<h2 id="request">Request body</h2>
    ${mediaView(documented, type, media)}`;
}

function responseView(documented: DocumentedOperation, status: string, response: Response): Html {
  const { descriptor } = documented;
  const [type, media] = Object.entries(response.content ?? {})[0] ?? [];
  const own = descriptor.errcodes[status] ?? [];
  const shared = (descriptor.commonErrcodes[status] ?? []).filter((errcode) => !own.includes(errcode));
  return html`<section class="response">
    <h3 id="${status}"><span class="status s${status.charAt(0)}">${status}</span></h3>
    ${markdown(response.description)} ${own.length > 0 && html`<p class="errcodes">${own.map(errcodeLink)}</p>`}
    ${shared.length > 0 && html`<p class="errcodes muted">As any operation of its kind: ${shared.map(errcodeLink)}</p>`}
    ${headersView(documented, response)}
    ${type !== undefined && media !== undefined && mediaView(documented, type, media)}
  </section>`;
}

function headersView({ api }: DocumentedOperation, response: Response): Html | false {
  const headers = Object.entries(response.headers ?? {});
  if (headers.length === 0) return false;
  return html`<ul>
    ${headers.map(([name, header]) => html`<li><code>${name}</code>: ${inlineMarkdown(follow(api.document, header).description ?? "")}</li>`)}
  </ul>`;
}

function mediaView({ api, descriptor }: DocumentedOperation, type: string, media: MediaType): Html | false {
  const examples = Object.values(
    media.examples ?? (media.example === undefined ? {} : { example: { value: media.example } }),
  ).filter(({ value }) => canOccur(descriptor, value));
  const onlyErrors = media.schema !== undefined && isErrorSchema(media.schema);
  if (onlyErrors && examples.length === 0) return false;
  return html`<p class="type">${type}</p>
    ${media.schema !== undefined && !onlyErrors && schemaView(api.document, media.schema)}
    ${examples.map(
      ({ summary, value }) =>
        html`${summary !== undefined && html`<p class="example">${inlineMarkdown(summary)}</p>`}${code(JSON.stringify(value, null, 2), "json")}`,
    )}`;
}

/** The challenge is described once for all operations, so some of its examples show stages that one of them lacks. */
function canOccur({ uia }: DocumentedOperation["descriptor"], example: unknown): boolean {
  if (uia === null || typeof example !== "object" || example === null || !("flows" in example)) return true;
  const flows = example.flows as readonly { readonly stages: readonly string[] }[]; // examples are valid, as tests prove
  return flows.flatMap(({ stages }) => stages).every((stage) => uia.stages.includes(stage));
}

/** Error bodies are shown as links to the codes, which have pages of their own. */
function isErrorSchema(schema: NonNullable<MediaType["schema"]>): boolean {
  const members = schema.oneOf ?? [schema];
  return members.every(({ $ref }) => $ref !== undefined && isErrcode($ref.split("/").at(-1) ?? ""));
}

function errcodeLink(errcode: string): Html {
  return html`<a href="/errors/${errcode}/"><code>${errcode}</code></a> `;
}
