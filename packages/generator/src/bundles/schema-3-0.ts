import type { Schema } from "../document.ts";
import { rewrites, sameInBoth } from "./keyword-rewrites.ts";
import { inside, refuse, type Place } from "./place.ts";
import { isObject, refused, type Keyword, type Rewrite } from "./rewrite.ts";
import { splitTypes } from "./split-types.ts";

/**
 * Says in the words of OpenAPI 3.0 what a schema of 3.1 says (https://spec.openapis.org/oas/v3.0.3#schema-object); what
 * has no words there is refused.
 */
export function schema30(schema: unknown, place: Place): Schema {
  if (schema === true) return {};
  if (schema === false) return { not: {} };
  if (!isObject(schema)) {
    refuse(place, `${JSON.stringify(schema)} is not a schema.`, "Write an object, true or false.");
    return {};
  }
  const whole = splitTypes(schema as Schema); // what it says is looked at keyword by keyword
  const also: Schema[] = [];
  const notes: string[] = [];
  const result: Schema = {};
  for (const [keyword, value] of Object.entries(whole)) {
    const context: Keyword = { keyword, value, whole, at: inside(place, keyword), convert: schema30, also, notes };
    Object.assign(result, rewriteOf(keyword)(context));
  }
  return withNotes(withAlso(result, also), notes);
}

function rewriteOf(keyword: string): Rewrite {
  if (keyword.startsWith("x-") || sameInBoth.has(keyword)) return ({ value }) => ({ [keyword]: value });
  return (Object.hasOwn(rewrites, keyword) ? rewrites[keyword] : undefined) ?? refused;
}

function withAlso({ $ref, ...result }: Schema, also: readonly Schema[]): Schema {
  // Beside a $ref nothing else counts in 3.0.
  const alone = also.length === 0 && Object.keys(result).length === 0;
  if ($ref !== undefined && alone) return { $ref };
  const all = [...($ref === undefined ? [] : [{ $ref }]), ...(result.allOf ?? []), ...also];
  return all.length === 0 ? result : { ...result, allOf: all };
}

function withNotes(schema: Schema, notes: readonly string[]): Schema {
  if (notes.length === 0) return schema;
  const { description, ...rest } = schema;
  return { description: [description, ...notes].filter((text) => text !== undefined).join("\n\n"), ...rest };
}
