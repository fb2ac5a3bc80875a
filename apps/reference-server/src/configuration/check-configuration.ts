import { Ajv2020 } from "ajv/dist/2020.js";
import type { ErrorObject, ValidateFunction } from "ajv/dist/2020.js";
import schema from "../config.schema.json" with { type: "json" };
import { nameKind, showValue } from "./show-value.ts";

type Definitions = Readonly<Record<string, unknown>>;

interface Described {
  readonly $defs: Definitions;
}

/** One line per wrong field of a configuration: where it is, what was found, what is expected. */
export const findProblems = createCheck(schema, "the configuration");

/** The same for what another schema describes; `whole` is what messages call all of it. */
export function createCheck(described: Described, whole: string): (input: unknown) => string[] {
  let validate: ValidateFunction | undefined;
  const found = ({ data, parentSchema }: ErrorObject) =>
    holdsSecret(parentSchema, described.$defs)
      ? `${nameKind(data)}, not shown because it may be secret`
      : showValue(data);
  return (input) => {
    validate ??= new Ajv2020({ allErrors: true, verbose: true, allowUnionTypes: true }).compile(described);
    if (validate(input)) return [];
    const errors = validate.errors ?? [];
    const telling = errors.filter((error) => tellsMost(error, errors));
    return [...new Set(telling.map((error) => describe(error, whole, found)))];
  };
}

/** Whether a schema describes a secret (`writeOnly`), or something with one inside: messages end up in logs and bug reports. */
function holdsSecret(part: unknown, definitions: Definitions): boolean {
  if (typeof part !== "object" || part === null) return false;
  const { writeOnly, $ref = "" } = part as { writeOnly?: true; $ref?: string }; // our schemas'
  if (writeOnly === true || holdsSecret(definitions[$ref.slice("#/$defs/".length)], definitions)) return true;
  return Object.values(part).some((inner) => holdsSecret(inner, definitions));
}

/** A failed `oneOf` is told once, as a whole; where the value has the form of one alternative, by what is wrong inside of it. */
function tellsMost(error: ErrorObject, all: readonly ErrorObject[]): boolean {
  if (error.propertyName !== undefined) return false; // told as the wrong name that it is
  if (error.keyword === "oneOf") return !all.some((inner) => inner !== error && isInside(inner, error));
  return !all.some((outer) => outer.keyword === "oneOf" && isWrongForm(error, outer));
}

function isInside(inner: ErrorObject, outer: ErrorObject): boolean {
  const isThere = `${inner.instancePath}/`.startsWith(`${outer.instancePath}/`);
  return isThere && !isWrongForm(inner, outer);
}

function isWrongForm({ keyword, instancePath }: ErrorObject, outer: ErrorObject): boolean {
  return instancePath === outer.instancePath && (keyword === "const" || keyword === "type");
}

function describe(error: ErrorObject, whole: string, found: (error: ErrorObject) => string): string {
  const field =
    error.instancePath
      .slice(1)
      .replaceAll("/", ".")
      .replace(/\.(\d+)/g, "[$1]") || whole;
  const params = error.params as Record<string, unknown>; // Ajv types them as any record
  const parent = error.parentSchema as { description?: string; properties?: object } | undefined;
  const meaning = parent?.description === undefined ? "" : ` — ${parent.description}`;
  switch (error.keyword) {
    case "additionalProperties": {
      const name = String(params["additionalProperty"]);
      const known = Object.keys(parent?.properties ?? {}).filter((property) => property !== "$schema");
      const path = error.instancePath === "" ? name : `${field}.${name}`;
      return `${path} is no known field; expected one of ${known.join(", ")}`;
    }
    case "propertyNames": {
      const { pattern } = error.schema as { readonly pattern: string }; // our schema's
      return `${field} has the name ${showValue(params["propertyName"])}; expected one that matches ${pattern}`;
    }
    case "required":
      return `${field}.${String(params["missingProperty"])} is missing`;
    case "enum":
      return `${field} is ${found(error)}; expected one of ${(params["allowedValues"] as unknown[]).map(showValue).join(", ")}`;
    case "oneOf":
      return `${field} is ${found(error)}; expected ${(error.schema as Form[]).map(formOf).join(" or ")}${meaning}`; // our schema's
    case "minLength":
    case "minItems":
      if (params["limit"] === 1) return `${field} is empty; expected one that is not${meaning}`;
  }
  return `${field} is ${found(error)}; expected: ${error.message?.replace(/^must be /, "")}${meaning}`;
}

interface Form {
  readonly const?: unknown;
  readonly type?: string;
  readonly $ref?: string;
}

function formOf({ const: only, type, $ref }: Form): string {
  if (only !== undefined) return showValue(only);
  if ($ref === "#/$defs/rateLimit") {
    return `an object with ${Object.keys(schema.$defs.rateLimit.properties).join(" and ")}`;
  }
  return type === "array" ? "a list" : String(type);
}
