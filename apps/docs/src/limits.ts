import { html } from "./html.ts";
import type { Html } from "./html.ts";
import type { Schema } from "./openapi.ts";

/** What values of a type must keep to, in words. */
export function limits(schema: Schema): Html | false {
  const { default: preset, not, pattern, anyOf } = schema;
  const others = not?.enum ?? (not?.const === undefined ? undefined : [not.const]);
  const parts = [
    preset !== undefined && html`Default <code>${JSON.stringify(preset)}</code>.`,
    allowedValues(schema, false),
    others !== undefined && html`Anything but ${listed(others)}.`,
    range(schema.minimum, schema.maximum, ""),
    range(schema.minLength, schema.maxLength, " characters"),
    range(schema.minItems, schema.maxItems, " items"),
    schema.format === "uri" && "A URI.",
    schema.format === "email" && "An email address.",
    schema.contentSchema !== undefined && "JSON, as a string.",
    pattern !== undefined && html`Matches <code>${pattern}</code>.`,
    schema.properties !== undefined &&
      anyOf !== undefined &&
      html`At least one of ${listed(anyOf.flatMap(({ required }) => required ?? []))} has to be there.`,
  ].filter((part) => part !== false);
  return parts.length > 0 && html`<span class="limits">${parts.map((part) => html`${part} `)}</span>`;
}

/** The values that are known or allowed; the latter only where the name of a type hides them. */
export function allowedValues({ enum: closed, "x-extensible-enum": open }: Schema, hidden: boolean): Html | false {
  if (open !== undefined) return html`One of ${listed(open)} or another.`;
  return hidden && closed !== undefined && html`One of ${listed(closed)}.`;
}

/** Bounds that only say what fits an integer of JSON, or that a string is not empty, tell a reader nothing. */
function range(low: number | undefined, high: number | undefined, unit: string): string | false {
  const most = high !== undefined && high < Number.MAX_SAFE_INTEGER ? high.toLocaleString("en") : undefined;
  const least = low !== undefined && low > (unit === "" ? -Number.MAX_SAFE_INTEGER : 1) ? low : undefined;
  if (least !== undefined && least === high) return `Exactly ${most}${unit}.`;
  if (least !== undefined && most !== undefined) return `From ${least} to ${most}${unit}.`;
  if (most !== undefined) return `At most ${most}${unit}.`;
  return least !== undefined && `At least ${least}${unit}.`;
}

function listed(values: readonly unknown[]): Html {
  return html`${values.map((one, index) => html`${index > 0 && ", "}<code>${String(one)}</code>`)}`;
}
