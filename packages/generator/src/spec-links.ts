import type { OpenApiDocument, Operation } from "./document.ts";
import { operationsOf } from "./operations.ts";

const specification = "https://spec.matrix.org/";

/**
 * Links each operation to its place in the Matrix specification, which the document's own `externalDocs` names; a link
 * that is written at an operation stays.
 */
export function linkOperations(document: OpenApiDocument): OpenApiDocument {
  const { url } = (document["externalDocs"] ?? {}) as { url?: unknown }; // as OpenAPI has it
  if (typeof url !== "string" || !url.startsWith(specification)) return document;
  const links = new Map(
    operationsOf(document).map(({ operation, method, path }) => [operation, url + specificationAnchor(method, path)]),
  );
  const paths = Object.entries(document.paths ?? {}).map(([path, item]) => {
    const entries = Object.entries(item).map(([key, value]) => {
      const link = links.get(value as Operation); // found only if it is one
      return [key, link === undefined ? value : withLink(value as Operation, link)];
    });
    return [path, Object.fromEntries(entries)];
  });
  return { ...document, paths: Object.fromEntries(paths) };
}

/**
 * The site puts the method before what Markdown would make of the path as a heading: `#post_matrixclientv3login`,
 * `#getwell-knownmatrixclient`.
 */
export function specificationAnchor(method: string, path: string): string {
  return `#${method.toLowerCase()}${path.toLowerCase().replaceAll(/[^\p{L}\p{Nd}_-]/gu, "")}`;
}

function withLink({ summary, description, ...rest }: Operation & { description?: unknown }, url: string): Operation {
  return {
    ...(summary !== undefined && { summary }),
    ...(description !== undefined && { description }),
    externalDocs: { url },
    ...rest,
  } as Operation; // OpenAPI's own field; the generator reads it nowhere else
}
