import { isErrcode } from "./errors.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { inlineMarkdown } from "./markdown.ts";
import { componentName, follow } from "./openapi.ts";
import type { Document, Schema } from "./openapi.ts";

/** Shows a schema as a list of its fields; nested objects unfold in place, down to where they would repeat. */
export function schemaView(document: Document, schema: Schema, above: readonly string[] = []): Html {
  const name = componentName(schema);
  if (name !== undefined && above.includes(name)) return html`<p class="muted">As ${name} above.</p>`;
  const path = name === undefined ? above : [...above, name];
  const target = follow<Schema>(document, schema);
  const variants = target.oneOf ?? target.anyOf;
  if (variants !== undefined) return variantsView(document, variants, path);
  if (target.items !== undefined && isObject(document, target.items)) return schemaView(document, target.items, path);
  const fields = Object.entries(target.properties ?? {}).filter(([, field]) => field.not === undefined);
  const values = target.additionalProperties;
  return html`<dl class="fields">
    ${fields.map(([key, field]) => fieldView(document, key, field, target.required?.includes(key) ?? false, path))}
    ${typeof values === "object" && fieldView(document, "other keys", values, false, path)}
  </dl>`;
}

/** A schema's type in a few words, as a developer would say it. */
export function typeName(document: Document, schema: Schema): string {
  const target = follow<Schema>(document, schema);
  if (target.const !== undefined) return JSON.stringify(target.const);
  if (target.enum !== undefined) return target.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (target.oneOf !== undefined || target.anyOf !== undefined) return "one of";
  if (target.type === "array")
    return `array of ${target.items === undefined ? "anything" : typeName(document, target.items)}`;
  if (target.type === "object" && target.properties === undefined && typeof target.additionalProperties === "object") {
    return `map to ${typeName(document, target.additionalProperties)}`;
  }
  return target.type ?? "anything";
}

function fieldView(document: Document, key: string, field: Schema, required: boolean, above: readonly string[]): Html {
  const target = follow<Schema>(document, field);
  const description = field.description ?? target.description;
  const since = field["x-addedInMatrixVersion"] ?? target["x-addedInMatrixVersion"];
  const nested = unfolds(document, field);
  return html`<div class="field">
    <dt>
      <code>${key}</code> <span class="type">${typeName(document, field)}</span>
      ${required && html`<span class="badge required">required</span>`}
      ${(field.deprecated ?? target.deprecated) && html`<span class="badge deprecated">deprecated</span>`}
      ${since !== undefined && html`<span class="badge">since v${since}</span>`}
    </dt>
    <dd>
      ${description !== undefined && inlineMarkdown(description)} ${limits(target)}
      ${
        nested &&
        html`<details>
          <summary>${componentName(field) ?? "fields"}</summary>
          ${schemaView(document, field, above)}
        </details>`
      }
    </dd>
  </div>`;
}

function limits(schema: Schema): Html {
  const open = schema["x-extensible-enum"];
  const parts = [
    schema.default !== undefined && html`Default <code>${JSON.stringify(schema.default)}</code>.`,
    schema.maxLength !== undefined && html`At most ${schema.maxLength} characters.`,
    schema.pattern !== undefined && html`Matches <code>${schema.pattern}</code>.`,
    open !== undefined && html`One of ${open.map((value) => html`<code>${String(value)}</code> `)}or another.`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? html`` : html`<span class="limits">${parts.map((part) => html`${part} `)}</span>`;
}

function variantsView(document: Document, variants: readonly Schema[], above: readonly string[]): Html {
  return html`<ul class="variants">
    ${variants.map((variant) => {
      const name = componentName(variant) ?? "variant";
      if (isErrcode(name))
        return html`<li>
          <a href="/errors/${name}/"><code>${name}</code></a>
        </li>`;
      const description = follow<Schema>(document, variant).description;
      return html`<li>
        <details>
          <summary>${name}</summary>
          ${description !== undefined && html`<p>${inlineMarkdown(description)}</p>`}${schemaView(document, variant, above)}
        </details>
      </li>`;
    })}
  </ul>`;
}

function unfolds(document: Document, schema: Schema): boolean {
  const target = follow<Schema>(document, schema);
  if (target.items !== undefined) return unfolds(document, target.items);
  return isObject(document, schema) || target.oneOf !== undefined || target.anyOf !== undefined;
}

function isObject(document: Document, schema: Schema): boolean {
  const target = follow<Schema>(document, schema);
  return target.properties !== undefined || typeof target.additionalProperties === "object";
}
