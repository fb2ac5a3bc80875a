import { versionBadges } from "./badges.ts";
import { isErrcode } from "./errors.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { allowedValues, limits } from "./limits.ts";
import { inlineMarkdown } from "./markdown.ts";
import { componentName } from "./openapi.ts";
import type { Document, Schema } from "./openapi.ts";
import { hasParts, innermost, isNever, markOf, shapeOf, typeName, variantsOf } from "./schema-shape.ts";

/** Shows a schema as a list of its fields; nested objects unfold in place, down to where they would repeat. */
export function schemaView(document: Document, schema: Schema, above: readonly string[] = []): Html {
  const inner = innermost(document, schema);
  const name = componentName(inner);
  if (name !== undefined && above.includes(name)) return html`<p class="muted">As ${name} above.</p>`;
  const path = name === undefined ? above : [...above, name];
  const variants = variantsOf(document, inner);
  if (variants.length > 0) return variantsView(document, variants, path);
  const { properties, required, additionalProperties } = shapeOf(document, inner);
  const fields = Object.entries(properties ?? {}).filter(([, field]) => !isNever(field));
  if (fields.length === 0) return html`<p class="muted">${anything(typeName(document, inner))}</p>`;
  return html`<dl class="fields">
    ${fields.map(([key, field]) => fieldView(document, html`<code>${key}</code>`, field, required?.includes(key) ?? false, path))}
    ${typeof additionalProperties === "object" && fieldView(document, "any other key", additionalProperties, false, path)}
    ${additionalProperties === true && html`<div class="field muted">Other keys may be there.</div>`}
  </dl>`;
}

/** One field, parameter or header: its name, type, versions and limits, and what is in it. */
export function fieldView(
  document: Document,
  name: Html | string,
  field: Schema,
  required: boolean,
  above: readonly string[] = [],
  place = "",
): Html {
  const shape = shapeOf(document, field);
  return html`<div class="field">
    <dt>
      ${name} <span class="type">${place}${typeName(document, field)}</span>
      ${required && html`<span class="badge required">required</span>`} ${versionBadges(shape)}
    </dt>
    <dd>
      ${shape.description !== undefined && inlineMarkdown(shape.description)} ${ofEach(document, shape)}
      ${limits(shape)} ${unfolding(document, shape.contentSchema ?? field, above)}
    </dd>
  </div>`;
}

function unfolding(document: Document, schema: Schema, above: readonly string[]): Html | false {
  if (!hasParts(document, schema)) return false;
  const name = componentName(innermost(document, schema));
  if (name !== undefined && above.includes(name)) return html`<span class="muted">As ${name} above.</span>`;
  return html`<details>
    <summary>${name ?? "Fields"}</summary>
    ${schemaView(document, schema, above)}
  </details>`;
}

/** What holds for each value of a list or a map stands where the list does, since values have no row of their own. */
function ofEach(document: Document, { items, properties, additionalProperties }: Schema): Html | false {
  const values = items ?? (properties === undefined ? additionalProperties : undefined);
  if (typeof values !== "object") return false;
  const allowed = allowedValues(shapeOf(document, values), componentName(values) !== undefined);
  const description = values.description !== undefined && inlineMarkdown(values.description);
  return (
    (description !== false || allowed !== false) && html`<span class="limits">Each: ${description} ${allowed}</span>`
  );
}

function variantsView(document: Document, variants: readonly Schema[], above: readonly string[]): Html {
  return html`<ul class="variants">
    ${variants.map((variant) => html`<li>${variantView(document, variant, above)}</li>`)}
  </ul>`;
}

function variantView(document: Document, variant: Schema, above: readonly string[]): Html {
  const name = componentName(variant);
  if (name !== undefined && isErrcode(name)) return html`<a href="/errors/${name}/"><code>${name}</code></a>`;
  const shape = shapeOf(document, variant);
  const description = shape.description !== undefined && inlineMarkdown(shape.description);
  if (!hasParts(document, variant) || (name !== undefined && above.includes(name))) {
    return html`${name ?? html`<span class="type">${typeName(document, variant)}</span>`} ${versionBadges(shape)}
    ${description}`;
  }
  return html`<details>
    <summary>${variantLabel(document, variant)} ${versionBadges(shape)}</summary>
    ${description !== false && html`<p>${description}</p>`}${schemaView(document, variant, above)}
  </details>`;
}

function variantLabel(document: Document, variant: Schema): Html | string {
  const name = componentName(variant);
  const mark = markOf(document, variant);
  if (mark === undefined) return name ?? "Object";
  const told = {
    equal: html`<code>${mark.field}</code> is <code>${JSON.stringify(mark.value)}</code>`,
    other: html`any other <code>${mark.field}</code>`,
    absent: html`no <code>${mark.field}</code>`,
  }[mark.is];
  return name === undefined ? told : html`${told} <span class="muted">${name}</span>`;
}

function anything(type: string): string {
  return type === "object" || type === "anything" ? "Any JSON, as sender and receiver agree." : `A value: ${type}.`;
}
