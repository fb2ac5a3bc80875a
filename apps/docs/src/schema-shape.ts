import { componentName, follow } from "./openapi.ts";
import type { Document, Schema } from "./openapi.ts";

/** A schema as one reads it: references followed, with what stands beside them, and `allOf` merged into one. */
export function shapeOf(document: Document, schema: Schema): Schema {
  const { $ref, ...beside } = schema;
  const target = $ref === undefined ? schema : { ...shapeOf(document, follow<Schema>(document, { $ref })), ...beside };
  if (target.allOf === undefined) return target;
  const { allOf, ...rest } = target;
  const parts = [...allOf.map((part) => shapeOf(document, part)), rest];
  return {
    ...Object.assign({}, ...parts),
    properties: Object.assign({}, ...parts.map(({ properties }) => properties)),
    required: parts.flatMap(({ required }) => required ?? []),
  };
}

/** The forms a value may have, those of unions in unions included; empty where it has but one. */
export function variantsOf(document: Document, schema: Schema): readonly Schema[] {
  const { oneOf, anyOf, properties } = shapeOf(document, schema);
  // Beside properties, a union only says which of them have to be there.
  if (properties !== undefined) return [];
  return (oneOf ?? anyOf ?? []).flatMap((variant) => {
    const inner = variantsOf(document, variant);
    return inner.length === 0 ? [variant] : inner;
  });
}

/** The schema that is worth unfolding: a list's items, a map's values, or else the schema itself. */
export function innermost(document: Document, schema: Schema): Schema {
  const { items, properties, additionalProperties } = shapeOf(document, schema);
  if (items !== undefined) return innermost(document, items);
  if (properties === undefined && typeof additionalProperties === "object") {
    return innermost(document, additionalProperties);
  }
  return schema;
}

/** Whether there is more to show of a value than its type: fields, or forms that have fields. */
export function hasParts(document: Document, schema: Schema): boolean {
  const inner = innermost(document, schema);
  const variants = variantsOf(document, inner);
  if (variants.length > 0) return variants.some((variant) => hasParts(document, variant));
  return Object.keys(shapeOf(document, inner).properties ?? {}).length > 0;
}

/** A field that must not be there. */
export function isNever(schema: Schema): boolean {
  return schema.not !== undefined && Object.keys(schema.not).length === 0;
}

/** What one form of a union is told by: the value of a field, any other value of it, or that it is absent. */
export function markOf(
  document: Document,
  variant: Schema,
): { readonly field: string; readonly value?: unknown; readonly is: "equal" | "other" | "absent" } | undefined {
  for (const [field, property] of Object.entries(shapeOf(document, variant).properties ?? {})) {
    const { const: value, not } = shapeOf(document, property);
    if (value !== undefined) return { field, value, is: "equal" };
    if (not !== undefined) return { field, is: Object.keys(not).length === 0 ? "absent" : "other" };
  }
  return undefined;
}

/** A schema's type in a few words, as a developer would say it. */
export function typeName(document: Document, schema: Schema): string {
  const target = shapeOf(document, schema);
  if (target.const !== undefined) return JSON.stringify(target.const);
  if (target.enum !== undefined) return target.enum.map((value) => JSON.stringify(value)).join(" | ");
  const variants = variantsOf(document, schema);
  if (variants.length > 0) return unionName(document, schema, variants);
  if (target.items !== undefined) return `array of ${shortName(document, target.items)}`;
  if (target.type === "array") return "array";
  if (target.properties === undefined && typeof target.additionalProperties === "object") {
    const keys = target.propertyNames === undefined ? undefined : componentName(target.propertyNames);
    return `map from ${keys ?? "string"} to ${shortName(document, target.additionalProperties)}`;
  }
  if (target.format === "binary") return "bytes";
  return target.type ?? (target.properties === undefined ? "anything" : "object");
}

function unionName(document: Document, schema: Schema, variants: readonly Schema[]): string {
  if (!hasParts(document, schema)) {
    return [...new Set(variants.map((variant) => typeName(document, variant)))].join(" | ");
  }
  return `one of ${variants.length} forms`;
}

/** In lists and maps a name says more than the type behind it. */
function shortName(document: Document, schema: Schema): string {
  const { items, additionalProperties, properties } = shapeOf(document, schema);
  const isContainer = items !== undefined || (properties === undefined && typeof additionalProperties === "object");
  return (isContainer ? undefined : componentName(schema)) ?? typeName(document, schema);
}
