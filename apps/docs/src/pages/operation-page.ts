import type { DocumentedOperation } from "../api-reference.ts";
import { versionBadges, versionFacts } from "../badges.ts";
import { errcodeVersions, isErrcode } from "../errors.ts";
import { eventsOf } from "../event-operations.ts";
import { kindTitles } from "../events.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import type { Page } from "../layout.ts";
import { code, inlineMarkdown, markdown } from "../markdown.ts";
import { componentName, follow } from "../openapi.ts";
import type { Content, MediaType, Parameter, Response, Schema } from "../openapi.ts";
import type { Reference } from "../reference.ts";
import { clientSample } from "../samples/client-sample.ts";
import { curlSample } from "../samples/curl-sample.ts";
import { variantsOf } from "../schema-shape.ts";
import { fieldView, schemaView } from "../schema-view.ts";
import { tagHref } from "../tag-groups.ts";

/** The page of one operation: what it does, what it takes, everything it can answer. */
export function operationPage(documented: DocumentedOperation, reference: Reference): Page {
  const { api, descriptor, operation, parameters, href } = documented;
  return {
    href,
    title: operation.summary,
    description: operation.description,
    content: html`<p class="crumbs">
        <a href="/${api.slug}/">${api.title}</a> ›
        <a href="${tagHref(api, descriptor.tag)}">${descriptor.tag}</a>
      </p>
      <h1>${operation.summary}</h1>
      <p class="endpoint">
        <span class="method ${descriptor.method.toLowerCase()}">${descriptor.method}</span>
        <code>${descriptor.path}</code>
      </p>
      <ul class="facts">
        ${facts(documented).map((fact) => html`<li>${fact}</li>`)}
      </ul>
      ${markdown(operation.description)} ${eventsView(documented, reference)} ${onThisPage(documented)}
      ${parametersView(documented, parameters)} ${requestView(documented)}
      <h2 id="samples">Samples</h2>
      ${code(curlSample(documented), "bash")} ${code(clientSample(documented), "typescript")}
      <h2 id="responses">Responses</h2>
      ${Object.entries(operation.responses).map(([status, response]) =>
        responseView(documented, status, follow<Response>(api.document, response)),
      )}`,
  };
}

function facts({ descriptor, operation }: DocumentedOperation): (Html | string)[] {
  const { auth, uia, rateLimited, guest } = descriptor;
  return [
    ...versionFacts(operation),
    { none: "No access token", optional: "Access token optional", required: "Access token required" }[auth.mode],
    auth.mode === "required" &&
      auth.schemes.every((scheme) => scheme.startsWith("appservice")) &&
      "Application services only",
    auth.mode === "required" && guest && "Open to guests",
    uia !== null && html`<a href="/guides/user-interactive-auth/">User-interactive auth</a>`,
    rateLimited && "Rate limited",
    html`operationId <code>${descriptor.operationId}</code>`,
    operation.externalDocs !== undefined && html`<a href="${operation.externalDocs.url}">Specification</a>`,
  ].filter((fact) => fact !== false);
}

/** The events that go through an operation, whose contents have pages of their own. */
function eventsView(documented: DocumentedOperation, { events: { events } }: Reference): Html | false {
  const { kinds, types } = eventsOf(documented, events);
  const links = [
    ...types.map(({ href, type }) => html`<a href="${href}"><code>${type}</code></a> `),
    ...kinds.map((kind) => html`<a href="/events/#${kind}">${kindTitles[kind].toLowerCase()}</a> `),
  ];
  return links.length > 0 && html`<p class="parts"><span class="muted">Events that go through it:</span> ${links}</p>`;
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
      ${parameters.map(({ name, in: place, required, schema, description, ...versions }) =>
        fieldView(
          api.document,
          html`<code>${name}</code>`,
          // What a parameter says stands over what its type says.
          { ...schema, ...versions, ...(description !== undefined && { description }) },
          required === true,
          [],
          `${place} · `,
        ),
      )}
    </dl>`;
}

function requestView(documented: DocumentedOperation): Html | false {
  const { requestBody } = documented.operation;
  if (requestBody === undefined) return false;
  const { description, required, content } = requestBody;
  return html`<h2 id="request">Request body${required !== true && html` <span class="badge">optional</span>`}</h2>
    ${description !== undefined && markdown(description)} ${contentView(documented, content)}`;
}

function responseView(documented: DocumentedOperation, status: string, response: Response): Html {
  const { descriptor } = documented;
  const own = descriptor.errcodes[status] ?? [];
  const shared = (descriptor.commonErrcodes[status] ?? []).filter((errcode) => !own.includes(errcode));
  const links = (codes: readonly string[]) => codes.map((errcode) => errcodeLink(documented, status, errcode));
  return html`<section class="response">
    <h3 id="${status}"><span class="status s${status.charAt(0)}">${status}</span> ${versionBadges(response)}</h3>
    ${markdown(response.description)} ${own.length > 0 && html`<p class="errcodes">${links(own)}</p>`}
    ${shared.length > 0 && html`<p class="errcodes muted">As any operation of its kind: ${links(shared)}</p>`}
    ${headersView(documented, response)} ${response.content !== undefined && contentView(documented, response.content)}
  </section>`;
}

function headersView({ api }: DocumentedOperation, response: Response): Html | false {
  const headers = Object.entries(response.headers ?? {});
  if (headers.length === 0) return false;
  return html`<dl class="fields">
    ${headers.map(([name, reference]) => {
      const { schema, description, required, ...versions } = follow(api.document, reference);
      return fieldView(
        api.document,
        html`<code>${name}</code>`,
        { ...schema, ...versions, ...(description !== undefined && { description }) },
        required === true,
        [],
        "header · ",
      );
    })}
  </dl>`;
}

/** One body; where it may be of several types, they only differ in the type. */
function contentView(documented: DocumentedOperation, content: Content): Html | false {
  const { api, descriptor } = documented;
  const [[type, media] = []] = Object.entries(content);
  if (type === undefined || media === undefined) return false;
  const examples = examplesOf(media).filter(({ value }) => canOccur(descriptor, value));
  const schema = media.schema === undefined ? undefined : withoutErrors(documented, media.schema);
  if (schema === null && examples.length === 0) return false;
  const isBytes = media.schema === undefined || type === "*/*" || !/json|html/.test(type);
  return html`<p class="type">
      ${Object.keys(content)
        .map((name) => (name === "*/*" ? "any media type" : name))
        .join(", ")}
    </p>
    ${isBytes && html`<p>The bytes themselves.</p>`}
    ${!isBytes && schema !== undefined && schema !== null && !type.includes("html") && schemaView(api.document, schema)}
    ${examples.map(
      ({ summary, value }) =>
        html`${summary !== undefined && html`<p class="example">${inlineMarkdown(summary)}</p>`}${code(typeof value === "string" ? value : JSON.stringify(value, null, 2), type.includes("html") ? "html" : "json")}`,
    )}`;
}

function examplesOf({
  example,
  examples,
}: MediaType): readonly { readonly summary?: string; readonly value: unknown }[] {
  return Object.values(examples ?? (example === undefined ? {} : { example: { value: example } }));
}

/** The challenge is described once for all operations, so some of its examples show stages that one of them lacks. */
function canOccur({ uia }: DocumentedOperation["descriptor"], example: unknown): boolean {
  if (uia === null || typeof example !== "object" || example === null || !("flows" in example)) return true;
  const flows = example.flows as readonly { readonly stages: readonly string[] }[]; // examples are valid, as tests prove
  return flows.flatMap(({ stages }) => stages).every((stage) => uia.stages.includes(stage));
}

/** Error bodies are shown as links to the codes, which have pages of their own; null where nothing else is left. */
function withoutErrors({ api }: DocumentedOperation, schema: Schema): Schema | null {
  const variants = variantsOf(api.document, schema);
  if (variants.length === 0) return isErrcode(componentName(schema) ?? "") ? null : schema;
  const others = variants.filter((variant) => !isErrcode(componentName(variant) ?? ""));
  if (others.length === variants.length) return schema;
  const [first] = others;
  if (first === undefined) return null;
  return others.length === 1 ? first : { oneOf: others };
}

function errcodeLink(documented: DocumentedOperation, status: string, errcode: string): Html {
  return html`<a href="/errors/${errcode}/"><code>${errcode}</code></a>
    ${versionBadges(errcodeVersions(documented, status, errcode))}`;
}
