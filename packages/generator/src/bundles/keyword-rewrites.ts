import type { Reference } from "../document.ts";
import { condition, contains, dependentRequired, dependentSchemas, unevaluated } from "./logic-rewrites.ts";
import { inside, refuse } from "./place.ts";
import { entriesOf, isObject, type Rewrite } from "./rewrite.ts";

const drop: Rewrite = () => ({});
const extension: Rewrite = ({ keyword, value }) => ({ [`x-${keyword.replace("$", "")}`]: value });
const subschema: Rewrite = ({ keyword, value, at, convert }) => ({ [keyword]: convert(value, at) });

const reference: Rewrite = ({ value, at }) => {
  const ref = String(value);
  if (!/^#\/components\/schemas\/[\w.-]+$/.test(ref)) {
    const hint = "Give that schema a file of its own, and refer to the file.";
    refuse(at, `${ref} is not a component; what it points at may look different in OpenAPI 3.0.`, hint);
  }
  return { $ref: ref };
};

const type: Rewrite = ({ value, whole }) => {
  const types = [value].flat();
  const named = types.find((each) => each !== "null") as string | undefined; // several were split before
  if (named === undefined) return { type: "object", nullable: true, enum: [null] }; // nullable counts only beside a type
  const anyItems = named === "array" && whole["items"] === undefined && whole["unevaluatedItems"] === undefined;
  return { type: named, ...(types.includes("null") && { nullable: true }), ...(anyItems && { items: {} }) };
};

const constant: Rewrite = ({ value, whole, also }) => {
  if (whole.enum !== undefined) {
    also.push({ enum: [value] });
    return {};
  }
  const known = whole.type === undefined ? typeOfConstant(value) : undefined;
  return { ...(known !== undefined && { type: known }), enum: [value] };
};

/** Generators want a type beside an enum. */
function typeOfConstant(value: unknown): string | undefined {
  if (Number.isInteger(value)) return "integer";
  if (Array.isArray(value) || value === null) return undefined;
  return typeof value;
}

const examples: Rewrite = ({ value, whole }) => {
  const all = Array.isArray(value) ? (value as unknown[]) : [];
  const written = whole["example"] !== undefined;
  const [first] = all;
  return {
    ...(all.length > 0 && !written && { example: first }),
    ...((all.length > 1 || written) && { "x-examples": all }),
  };
};

/** In 3.0 the inclusive and the exclusive bound of one side share a number: the tighter one is it. */
const bound =
  (inclusive: string, exclusive: string, isTighter: (including: number, excluding: number) => boolean): Rewrite =>
  ({ keyword, whole }) => {
    const { [inclusive]: including, [exclusive]: excluding } = whole as Record<string, number | undefined>; // JSON Schema has numbers here
    const exclusiveCounts = excluding !== undefined && (including === undefined || !isTighter(including, excluding));
    if (keyword === inclusive) return exclusiveCounts ? {} : { [inclusive]: including };
    return exclusiveCounts ? { [inclusive]: excluding, [exclusive]: true } : {};
  };

const lowerBound = bound("minimum", "exclusiveMinimum", (including, excluding) => including > excluding);
const upperBound = bound("maximum", "exclusiveMaximum", (including, excluding) => including < excluding);

/** The map stays a map; the grammar of its keys goes on as an extension for programs, and as a sentence for people. */
const propertyNames: Rewrite = ({ value, at, convert, notes }) => {
  const { $ref, pattern } = isObject(value) ? value : {};
  if (typeof $ref === "string") notes.push(`Each key is a \`${$ref.slice($ref.lastIndexOf("/") + 1)}\`.`);
  else if (typeof pattern === "string") notes.push(`Each key matches \`${pattern}\`.`);
  return { "x-propertyNames": convert(value, at) };
};

const branches: Rewrite = ({ keyword, value, whole, at, convert }) => {
  const written = Array.isArray(value) ? (value as unknown[]) : [];
  // A discriminator sees only branches that are plain references, so what they tell besides moves out.
  const told = whole.discriminator === undefined ? [] : written.filter(isAnnotatedReference);
  return {
    [keyword]: written.map((branch, index) => {
      const annotated = told.find((each) => each === branch);
      return annotated === undefined ? convert(branch, inside(at, index)) : { $ref: annotated.$ref };
    }),
    ...(told.length > 0 && { "x-branches": told }),
  };
};

const annotations = ["title", "description", "deprecated", "default", "example", "examples", "$comment"];

function isAnnotatedReference(branch: unknown): branch is Reference {
  if (!isObject(branch) || typeof branch["$ref"] !== "string") return false;
  const { $ref: _, ...others } = branch;
  const keywords = Object.keys(others);
  return keywords.length > 0 && keywords.every((each) => each.startsWith("x-") || annotations.includes(each));
}

const contentMediaType: Rewrite = (keyword) => {
  const { contentEncoding: encoding, format } = keyword.whole;
  return { ...(encoding === undefined && format === undefined && { format: "binary" }), ...extension(keyword) };
};

const contentEncoding: Rewrite = (keyword) => {
  const isByte = keyword.value === "base64" && keyword.whole.format === undefined;
  return { ...(isByte && { format: "byte" }), ...extension(keyword) };
};

/** The keywords that mean the same in both. */
export const sameInBoth: ReadonlySet<string> = new Set(
  `title description default deprecated readOnly writeOnly example externalDocs xml format enum multipleOf minLength
  maxLength pattern minItems maxItems uniqueItems minProperties maxProperties discriminator`.split(/\s+/),
);

/** What becomes of the others; a keyword that is not here cannot be said in 3.0. */
export const rewrites: Readonly<Record<string, Rewrite>> = {
  $ref: reference,
  $schema: drop, // the dialect that the document has anyway
  $comment: extension,
  type,
  const: constant,
  examples,
  minimum: lowerBound,
  exclusiveMinimum: lowerBound,
  maximum: upperBound,
  exclusiveMaximum: upperBound,
  // 3.0 knows no empty lists here.
  required: ({ value }) => (Array.isArray(value) && value.length > 0 ? { required: value as string[] } : {}),
  properties: ({ value, at, convert }) => ({
    properties: Object.fromEntries(entriesOf(value).map(([name, each]) => [name, convert(each, inside(at, name))])),
  }),
  additionalProperties: ({ value, at, convert }) => ({
    additionalProperties: typeof value === "boolean" ? value : convert(value, at),
  }),
  propertyNames,
  items: subschema,
  not: subschema,
  allOf: branches,
  anyOf: branches,
  oneOf: branches,
  if: condition,
  then: drop, // taken with `if`
  else: drop,
  dependentRequired,
  dependentSchemas,
  contains,
  unevaluatedProperties: unevaluated("additionalProperties"),
  unevaluatedItems: unevaluated("items"),
  contentMediaType,
  contentEncoding,
  contentSchema: ({ value, at, convert }) => ({ "x-contentSchema": convert(value, at) }),
};
