import { versionBadges, versionFacts } from "../badges.ts";
import { operationsFor } from "../event-operations.ts";
import { kindTitles } from "../events.ts";
import type { DocumentedEvent } from "../events.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import type { Page } from "../layout.ts";
import { code, markdown } from "../markdown.ts";
import type { Document, Schema } from "../openapi.ts";
import { operationTable } from "../operation-table.ts";
import type { Reference } from "../reference.ts";
import { markOf, shapeOf, variantsOf } from "../schema-shape.ts";
import { schemaView } from "../schema-view.ts";

/** A page for each type of event: what is in it, who may send it, and how. */
export function eventPages(reference: Reference): readonly Page[] {
  return reference.events.events.map((event) => eventPage(event, reference));
}

function eventPage(event: DocumentedEvent, reference: Reference): Page {
  const { type, href, schema, kinds, name } = event;
  const { document } = reference.events;
  const forms = formsOf(document, event);
  const examples = forms.length === 0 ? (schema.examples ?? []) : [];
  return {
    href,
    title: type,
    description: schema.description ?? type,
    content: html`<p class="crumbs">
        <a href="/events/">Events</a> ›
        ${kinds.map((kind, index) => html`${index > 0 && ", "}<a href="/events/#${kind}">${kindTitles[kind]}</a>`)}
      </p>
      <h1><code>${type}</code></h1>
      <ul class="facts">
        ${facts(event).map((fact) => html`<li>${fact}</li>`)}
      </ul>
      ${markdown(schema.description ?? "")}
      <nav class="parts" aria-label="On this page">
        <span class="muted">On this page:</span>
        <a href="#content">Content</a> ${forms.map(({ id, label }) => html`<a href="#${id}">${label}</a> `)}
        ${examples.length > 0 && html`<a href="#examples">Examples</a>`} <a href="#operations">Sending and reading</a>
      </nav>
      <h2 id="content">Content</h2>
      ${forms.length === 0 ? schemaView(document, { $ref: `#/components/schemas/${name}` }) : formsView(document, event, forms)}
      ${
        examples.length > 0 &&
        html`<h2 id="examples">Examples</h2>
          ${examples.map(exampleView)}`
      }
      ${operationsView(event, reference)}`,
  };
}

/** What a reader wants to know of a type at a glance. */
function facts({ kinds, stateKey, schema, specification, name, type }: DocumentedEvent): readonly (Html | string)[] {
  const typescript =
    type === name ? `EventContent<"${type}">` : `EventContent<\`${type.replace(/\{\w+\}$/, "${string}")}\`>`;
  return [
    ...kinds.map((kind) => kindTitles[kind]),
    ...(stateKey === undefined ? [] : [stateKeyRules[stateKey]]),
    ...versionFacts(schema),
    html`TypeScript: <a href="/guides/events-in-typescript/"><code>${typescript}</code></a>`,
    html`<a href="/openapi/json-schemas/events/${name}.json">JSON Schema</a>`,
    html`<a href="${specification}">Specification</a>`,
  ];
}

const stateKeyRules: Readonly<Record<NonNullable<DocumentedEvent["stateKey"]>, string>> = {
  empty: "State key: empty",
  user_id: "State key: the user's ID",
  room_id: "State key: the room's ID",
  token: "State key: the token of the invitation",
  any: "State key: any",
};

interface Form {
  /** The value that the form is told by, and its anchor. */
  readonly id: string;
  readonly label: Html;
  readonly schema: Schema;
}

/** The forms of a content that has several, each told by a value of its own. */
function formsOf(document: Document, { schema }: DocumentedEvent): readonly Form[] {
  return variantsOf(document, schema).map((variant) => {
    const mark = markOf(document, variant);
    if (mark?.is === "equal") {
      return { id: String(mark.value), label: html`<code>${String(mark.value)}</code>`, schema: variant };
    }
    const field = mark?.field ?? "form";
    return { id: `other-${field}`, label: html`any other <code>${field}</code>`, schema: variant };
  });
}

function formsView(document: Document, { name, schema }: DocumentedEvent, forms: readonly Form[]): Html {
  const field = schema.discriminator?.propertyName ?? markOf(document, forms[0]?.schema ?? {})?.field ?? "";
  return html`<p>One of ${forms.length} forms, told by <code>${field}</code>:</p>
    ${forms.map(({ id, label, schema: form }) => {
      const shape = shapeOf(document, form);
      return html`<section class="response">
        <h3 id="${id}"><a class="anchor" href="#${id}">${label}</a> ${versionBadges(shape)}</h3>
        ${shape.description !== undefined && markdown(shape.description)} ${schemaView(document, form, [name])}
        ${(shape.examples ?? []).map(exampleView)}
      </section>`;
    })}`;
}

function operationsView(event: DocumentedEvent, { apis }: Reference): Html {
  const { send, read } = operationsFor(event, apis);
  const fill = (path: string) => path.replace(/\{(eventType|type)\}/, event.type);
  return html`<h2 id="operations">Sending and reading</h2>
    ${
      send.length === 0
        ? html`<p>Servers make it; clients cannot send it.</p>`
        : html`<p>Where it is sent, set or caused:</p>
            ${operationTable(send, fill)}`
    }
    <p>Where clients get it:</p>
    ${operationTable(read, fill)}`;
}

function exampleView(example: unknown): Html {
  return code(JSON.stringify(example, null, 2), "json");
}
