import type { Schema } from "../document.ts";
import { inside } from "./place.ts";
import { entriesOf, refused, type Rewrite } from "./rewrite.ts";

/** "If a then b else c" is "(not a or b) and (a or c)". */
export const condition: Rewrite = ({ value, whole, at, convert, also }) => {
  const beside = (key: string): Schema => {
    const outer = { ...at, pointer: at.pointer.slice(0, -"/if".length) };
    return convert(whole[key], inside(outer, key));
  };
  const when = convert(value, at);
  if (whole["then"] !== undefined) also.push({ anyOf: [{ not: when }, beside("then")] });
  if (whole["else"] !== undefined) also.push({ anyOf: [when, beside("else")] });
  return {};
};

export const dependentRequired: Rewrite = ({ value, also }) => {
  for (const [property, needed] of entriesOf(value)) {
    if (Array.isArray(needed) && needed.length > 0) also.push({ anyOf: [without(property), { required: needed }] });
  }
  return {};
};

export const dependentSchemas: Rewrite = ({ value, at, convert, also }) => {
  for (const [property, schema] of entriesOf(value)) {
    also.push({ anyOf: [without(property), convert(schema, inside(at, property))] });
  }
  return {};
};

function without(property: string): Schema {
  return { not: { type: "object", required: [property] } };
}

/** An array contains an item of a kind unless it consists of others. */
export const contains: Rewrite = ({ value, at, convert, also }) => {
  also.push({ not: { type: "array", items: { not: convert(value, at) } } });
  return {};
};

const evaluating = ["$ref", "allOf", "anyOf", "oneOf", "not", "if", "dependentSchemas", "contains"];

/** Where nothing else evaluates them, the unevaluated ones are just the additional ones. */
export const unevaluated =
  (plain: "additionalProperties" | "items"): Rewrite =>
  (keyword) => {
    const { value, whole, at, convert } = keyword;
    if (value === true) return {};
    if ([...evaluating, plain].some((other) => whole[other] !== undefined)) return refused(keyword);
    return { [plain]: plain === "additionalProperties" && value === false ? false : convert(value, at) };
  };
