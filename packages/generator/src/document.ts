import { GenerationError } from "./generation-error.ts";

/** A JSON Schema as it stands in an OpenAPI 3.1 document. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  format?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  not?: Schema;
  discriminator?: { propertyName: string; mapping?: Record<string, string> };
  [keyword: string]: unknown;
}

export interface Reference {
  $ref: string;
}

export interface MediaType {
  schema?: Schema;
  [key: string]: unknown;
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header" | "cookie";
  required?: boolean;
  schema?: Schema;
  [key: string]: unknown;
}

export interface RequestBody {
  required?: boolean;
  content: Record<string, MediaType>;
  [key: string]: unknown;
}

export interface Response {
  description: string;
  headers?: Record<string, { schema?: Schema } | Reference>;
  content?: Record<string, MediaType>;
  [key: string]: unknown;
}

export interface Operation {
  operationId?: string;
  summary?: string;
  tags?: string[];
  deprecated?: boolean;
  security?: Record<string, string[]>[];
  parameters?: (Parameter | Reference)[];
  requestBody?: RequestBody | Reference;
  responses?: Record<string, Response | Reference>;
  [extension: `x-${string}`]: unknown;
}

export type PathItem = { parameters?: (Parameter | Reference)[] } & { [Key in string]?: unknown };

/** As much of a bundled OpenAPI document as the generator reads. */
export interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string; [key: string]: unknown };
  security?: Record<string, string[]>[];
  paths?: Record<string, PathItem>;
  components?: {
    schemas?: Record<string, Schema>;
    responses?: Record<string, Response>;
    parameters?: Record<string, Parameter>;
    requestBodies?: Record<string, RequestBody>;
    headers?: Record<string, { schema?: Schema }>;
    [kind: string]: Record<string, unknown> | undefined;
  };
  [key: string]: unknown;
}

/** Follows local references until something other than a reference is found. */
export function resolve<T extends object>(document: OpenApiDocument, value: T | Reference): T {
  let current: T | Reference = value;
  for (let hops = 0; "$ref" in current && typeof current.$ref === "string"; hops += 1) {
    if (hops > 100) throw badReference(current.$ref, "leads back to itself");
    current = lookUp(document, current.$ref) as T | Reference; // a reference points at the kind of thing it stands for
  }
  return current as T; // the loop ends only on something that is no reference
}

/** The name of the component that a reference to `#/components/<kind>/<Name>` points at. */
export function componentName(ref: string): string {
  return unescapePointer(ref.slice(ref.lastIndexOf("/") + 1));
}

function lookUp(document: OpenApiDocument, ref: string): object {
  if (!ref.startsWith("#/")) throw badReference(ref, "leads out of the description");
  let found: unknown = document;
  for (const key of ref.slice(2).split("/")) {
    found = typeof found === "object" && found !== null ? Reflect.get(found, unescapePointer(key)) : undefined;
  }
  if (typeof found !== "object" || found === null) throw badReference(ref, "leads to nothing that can be used");
  return found;
}

function badReference(ref: string, fault: string): GenerationError {
  return new GenerationError([
    { message: `the $ref ${ref} ${fault}.`, hint: "Correct the $ref, or what it leads to." },
  ]);
}

function unescapePointer(key: string): string {
  return decodeURIComponent(key).replaceAll("~1", "/").replaceAll("~0", "~");
}
