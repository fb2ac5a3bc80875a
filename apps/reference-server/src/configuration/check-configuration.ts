import { Ajv2020 } from "ajv/dist/2020.js";
import type { ErrorObject, ValidateFunction } from "ajv/dist/2020.js";
import schema from "../config.schema.json" with { type: "json" };

let validate: ValidateFunction | undefined;

/** One line per wrong field: where it is, what was found, what is expected. */
export function findProblems(input: unknown): string[] {
  validate ??= new Ajv2020({ allErrors: true, verbose: true, allowUnionTypes: true }).compile(schema);
  if (validate(input)) return [];
  const errors = (validate.errors ?? []).filter((error) => !isAboutAlternatives(error, validate?.errors ?? []));
  return [...new Set(errors.map(describe))];
}

/** A failed `oneOf` is told once, as a whole, and not again for each of its branches. */
function isAboutAlternatives(error: ErrorObject, all: readonly ErrorObject[]): boolean {
  const alternatives = all.filter(({ keyword }) => keyword === "oneOf");
  return alternatives.some((outer) => error !== outer && error.instancePath === outer.instancePath && isBranch(error));
}

function isBranch({ keyword }: ErrorObject): boolean {
  return keyword === "const" || keyword === "type";
}

function describe(error: ErrorObject): string {
  const field =
    error.instancePath
      .slice(1)
      .replaceAll("/", ".")
      .replace(/\.(\d+)/g, "[$1]") || "the configuration";
  const params = error.params as Record<string, unknown>; // Ajv types them as any record
  const parent = error.parentSchema as { description?: string; properties?: object } | undefined;
  switch (error.keyword) {
    case "additionalProperties": {
      const name = String(params["additionalProperty"]);
      const known = Object.keys(parent?.properties ?? {}).filter((property) => property !== "$schema");
      const path = error.instancePath === "" ? name : `${field}.${name}`;
      return `${path} is no known field; expected one of ${known.join(", ")}`;
    }
    case "required":
      return `${field}.${String(params["missingProperty"])} is missing`;
    case "enum":
      return `${field} is ${show(error.data)}; expected one of ${(params["allowedValues"] as unknown[]).map(show).join(", ")}`;
    case "oneOf":
      return `${field} is ${show(error.data)}; expected: ${parent?.description ?? "one of its forms"}`;
    default: {
      const meaning = parent?.description === undefined ? "" : ` — ${parent.description}`;
      return `${field} is ${show(error.data)}; expected: ${error.message?.replace(/^must be /, "")}${meaning}`;
    }
  }
}

/** Enough to recognise the value; passwords in URLs are not for logs. */
function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  const safe = text.replace(/\/\/[^/\s@"]+@/g, "//…@");
  return safe.length > 80 ? `${safe.slice(0, 77)}…` : safe;
}
