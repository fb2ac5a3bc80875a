import type { Schema } from "../document.ts";
import { refuse, type Place } from "./place.ts";

/** One keyword of a schema of OpenAPI 3.1, with what its rewriting may need to look at and add to. */
export interface Keyword {
  readonly keyword: string;
  readonly value: unknown;
  /** The schema it stands in. */
  readonly whole: Schema;
  readonly at: Place;
  /** Converts a subschema. */
  readonly convert: (schema: unknown, at: Place) => Schema;
  /** Schemas that have to hold besides. */
  readonly also: Schema[];
  /** What only words can say. */
  readonly notes: string[];
}

/** Answers with the keywords that say the same in OpenAPI 3.0. */
export type Rewrite = (keyword: Keyword) => Partial<Schema>;

/** For what 3.0 cannot say: no document at all is better than one that says less. */
export const refused: Rewrite = ({ keyword, at }) => {
  refuse(at, `"${keyword}" cannot be said in OpenAPI 3.0.`, hints[keyword] ?? otherwise);
  return {};
};

const otherwise = "Write it with other keywords, or as an extension (x-…).";
const hints: Readonly<Record<string, string>> = {
  patternProperties: "Write a map: additionalProperties, with the grammar of its keys as propertyNames.",
  prefixItems: "Write items that allow for each of them (anyOf), with minItems and maxItems.",
  $defs: "Give each of these schemas a file of its own, and refer to that.",
  unevaluatedProperties: "Write additionalProperties, in a schema without $ref, allOf, anyOf, oneOf, not and if.",
  unevaluatedItems: "Write items instead.",
};

/** The entries of what ought to be an object. */
export function entriesOf(value: unknown): [string, unknown][] {
  return isObject(value) ? Object.entries(value) : [];
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
