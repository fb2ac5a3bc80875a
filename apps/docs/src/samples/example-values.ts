import type { DocumentedOperation } from "../api-reference.ts";
import type { MediaType } from "../openapi.ts";

/** The first example of the request body, unless the operation takes none; without `auth`, which is not sent at first. */
export function exampleBody({ operation }: DocumentedOperation): Readonly<Record<string, unknown>> | undefined {
  const media: MediaType | undefined = Object.values(operation.requestBody?.content ?? {})[0];
  const example = media?.example ?? Object.values(media?.examples ?? {})[0]?.value;
  if (example === undefined) return undefined;
  const { auth: _, ...body } = example as Record<string, unknown>; // every body of both APIs is an object
  return body;
}

/** The first example of a parameter, or else its name. */
export function exampleValue({ api, parameters }: DocumentedOperation, name: string): string {
  const schema = parameters.find((parameter) => parameter.name === name)?.schema;
  const component = schema?.$ref?.split("/").at(-1) ?? "";
  const target = api.document.components.schemas[component] ?? schema;
  return String(target?.examples?.[0] ?? name);
}

/** The names of the query parameters that cannot be left out. */
export function requiredQuery({ parameters }: DocumentedOperation): string[] {
  return parameters
    .filter((parameter) => parameter.in === "query" && parameter.required === true)
    .map(({ name }) => name);
}
