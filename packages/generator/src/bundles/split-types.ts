import type { Schema } from "../document.ts";

const numeric = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
const keywordsOf: Readonly<Record<string, readonly string[]>> = {
  string: ["minLength", "maxLength", "pattern", "contentMediaType", "contentEncoding", "contentSchema"],
  number: numeric,
  integer: numeric,
  array: ["items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems", "unevaluatedItems"],
  object: `properties patternProperties additionalProperties unevaluatedProperties propertyNames required minProperties
    maxProperties dependentRequired dependentSchemas`.split(/\s+/),
};

/**
 * Makes several types a choice between schemas of one type each, which take the keywords with them that mean something
 * for it; null stays, as a second one.
 */
export function splitTypes(schema: Schema): Schema {
  const { type, anyOf, ...rest } = schema;
  const types = Array.isArray(type) ? type.filter((each) => each !== "null") : [];
  if (types.length < 2) return schema;
  const nullable = type?.includes("null") === true;
  const branches = types.map((each, index): Schema => ({
    type: nullable && index === 0 ? [each, "null"] : each,
    ...pick(rest, keywordsOf[each] ?? []),
  }));
  const moved = types.flatMap((each) => keywordsOf[each] ?? []);
  const outer = Object.fromEntries(Object.entries(rest).filter(([keyword]) => !moved.includes(keyword)));
  if (anyOf === undefined) return { ...outer, anyOf: branches };
  return { ...outer, anyOf, allOf: [...(rest.allOf ?? []), { anyOf: branches }] };
}

function pick(schema: Schema, keywords: readonly string[]): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => keywords.includes(keyword)));
}
