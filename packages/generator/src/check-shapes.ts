import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import type { Refusal } from "./bundles/place.ts";
import { descriptionShape } from "./description-shape.ts";
import type { OpenApiDocument } from "./document.ts";
import { refuseAll } from "./place-problems.ts";

/** Whether everything is of the kind that the steps after this one take it for, so that none of them has to ask. */
export async function checkShapes(document: OpenApiDocument, root: string): Promise<void> {
  const validate = (compiled ??= compile());
  if (validate(document)) return;
  const byPlace = new Map<string, Refusal>();
  for (const error of validate.errors ?? []) {
    const refusal = refusalOf(error);
    // One value may break several rules at once; the first says it best.
    if (refusal !== undefined && !byPlace.has(refusal.pointer)) byPlace.set(refusal.pointer, refusal);
  }
  await refuseAll([...byPlace.values()], root);
}

let compiled: ValidateFunction | undefined;

const openApiKeywords = ["discriminator", "example", "externalDocs", "xml"];

/** What Ajv knows, too, but JSON Schema 2020-12 does not have. */
const foreignKeywords = [
  "$async",
  "$recursiveAnchor",
  "$recursiveRef",
  "definitions",
  "dependencies",
  "id",
  "nullable",
];

function compile(): ValidateFunction {
  const ajv = new Ajv2020({ strict: false, allErrors: true, verbose: true, logger: false });
  formats.default(ajv);
  const keywords = Object.keys(ajv.RULES.keywords).filter((keyword) => !foreignKeywords.includes(keyword));
  ajv.addSchema({
    $id: "matrix-openapi:schema",
    $dynamicAnchor: "meta", // by which it holds for the schemas inside of schemas
    $ref: "https://json-schema.org/draft/2020-12/schema",
    properties: { pattern: { format: "regex" } }, // Ajv's own meta-schema leaves formats out
    propertyNames: { anyOf: [{ enum: [...keywords, ...openApiKeywords] }, { pattern: "^x-" }] },
  });
  return ajv.compile(descriptionShape);
}

/** What one error of the validator says in words; nothing where another one says more. */
function refusalOf(error: ErrorObject): Refusal | undefined {
  const { instancePath, keyword, params, data } = error;
  const at = (pointer: string, found: string): Refusal => ({ pointer: `#${pointer}`, found, hint: hintFor(error) });
  const inner = (name: unknown): string => `${instancePath}/${escaped(String(name))}`;
  if (error.propertyName !== undefined || silent.has(keyword)) return undefined;
  if (keyword === "required") return at(instancePath, `"${params["missingProperty"]}" is missing here.`);
  if (keyword === "propertyNames")
    return at(inner(params["propertyName"]), `"${params["propertyName"]}" is not known here.`);
  if (keyword === "additionalProperties")
    return at(inner(params["additionalProperty"]), `"${params["additionalProperty"]}" is not known here.`);
  return at(instancePath, `${nameOf(instancePath)} is ${shown(data)}, and ${expected(error)}.`);
}

/** These only gather what others have found. */
const silent: ReadonlySet<string> = new Set(["if", "anyOf", "oneOf", "allOf", "not"]);

function expected({ keyword, params, message = "is not valid" }: ErrorObject): string {
  if (keyword === "enum") return `has to be one of ${(params["allowedValues"] as unknown[]).map(String).join(", ")}`; // a list, by Ajv
  if (keyword === "type")
    return `has to be ${[params["type"]]
      .flat()
      .map((type) => typeNames[String(type)])
      .join(" or ")}`;
  if (keyword === "minLength" || keyword === "minProperties") return "has to say something";
  return message;
}

const typeNames: Readonly<Record<string, string>> = {
  object: "a map",
  array: "a list",
  string: "text",
  boolean: "true or false",
  number: "a number",
  integer: "a whole number",
};

function hintFor({ keyword, data, parentSchema, params }: ErrorObject): string {
  const { description = parentSchema?.["propertyNames"]?.description } = (parentSchema ?? {}) as {
    description?: unknown;
  }; // ours, or none
  if (typeof description === "string") return description;
  if (keyword === "required") return `Write "${params["missingProperty"]}".`;
  return data === null ? "Write what belongs there, or take the line away." : "Correct it at this place.";
}

function nameOf(pointer: string): string {
  if (pointer === "") return "The description";
  const name = pointer
    .slice(pointer.lastIndexOf("/") + 1)
    .replaceAll("~1", "/")
    .replaceAll("~0", "~");
  return /^\d{1,2}$/.test(name) ? `entry ${Number(name) + 1}` : `"${name}"`; // a status has three digits
}

function shown(data: unknown): string {
  if (data === null) return "empty";
  if (Array.isArray(data)) return data.length === 0 ? "an empty list" : "a list";
  if (typeof data === "object") return Object.keys(data).length === 0 ? "an empty map" : "a map";
  return data === "" ? "empty" : JSON.stringify(data);
}

function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
