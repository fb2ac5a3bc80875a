import type { DocumentedOperation } from "../api-reference.ts";
import type { MediaType, Schema } from "../openapi.ts";
import { shapeOf } from "../schema-shape.ts";

/** What a request carries: JSON, a file, or nothing. */
export type ExampleBody =
  | { readonly kind: "json"; readonly value: Readonly<Record<string, unknown>> }
  | { readonly kind: "file" }
  | undefined;

/** The first example of the request body, or of its schema; without `auth`, which is not sent at first. */
export function exampleBody({ api, operation }: DocumentedOperation): ExampleBody {
  const { requestBody } = operation;
  if (requestBody === undefined) return undefined;
  const media: MediaType | undefined = requestBody.content["application/json"];
  if (media === undefined) return { kind: "file" };
  const example =
    media.example ??
    Object.values(media.examples ?? {})[0]?.value ??
    shapeOf(api.document, media.schema ?? {}).examples?.[0] ??
    (requestBody.required === true ? {} : undefined);
  if (example === undefined) return undefined;
  const { auth: _, ...value } = example as Record<string, unknown>; // every body of both APIs is an object
  return { kind: "json", value };
}

/** The first example of a parameter, or else the first of its values, or its name; typed as the parameter is. */
export function exampleValue({ api, parameters }: DocumentedOperation, name: string): unknown {
  const parameter = parameters.find((one) => one.name === name);
  const schema = shapeOf(api.document, parameter?.schema ?? {});
  return parameter?.example ?? schema.examples?.[0] ?? schema.enum?.[0] ?? fallback(schema, name);
}

/** The names of the query parameters that cannot be left out. */
export function requiredQuery({ parameters }: DocumentedOperation): string[] {
  return parameters
    .filter((parameter) => parameter.in === "query" && parameter.required === true)
    .map(({ name }) => name);
}

function fallback({ type, minimum }: Schema, name: string): unknown {
  return type === "integer" || type === "number" ? (minimum ?? 1) : name;
}
