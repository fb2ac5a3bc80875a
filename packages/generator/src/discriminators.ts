import { resolve, type OpenApiDocument, type Schema } from "./document.ts";
import { errcodesOf } from "./error-schemas.ts";
import { mapDocumentSchemas } from "./schema-walk.ts";

/** Gives unions of errors their discriminator, and written discriminators their mapping, so that readers of the bundle need not guess. */
export function completeDiscriminators(document: OpenApiDocument): OpenApiDocument {
  return mapDocumentSchemas(document, (schema) => {
    if (schema.oneOf === undefined) return schema;
    const propertyName =
      schema.discriminator?.propertyName ?? (isErrorUnion(document, schema.oneOf) ? "errcode" : null);
    if (propertyName === null || schema.discriminator?.mapping !== undefined) return schema;
    const mapping = Object.fromEntries(
      schema.oneOf.flatMap((branch) => mappingEntries(document, branch, propertyName)),
    );
    return { ...schema, discriminator: { propertyName, ...(Object.keys(mapping).length > 0 && { mapping }) } };
  });
}

/** The values that tell this branch from the others; empty where it has none. */
export function discriminatorValues(document: OpenApiDocument, branch: Schema, propertyName: string): string[] {
  const tag = resolve<Schema>(document, branch).properties?.[propertyName];
  if (tag === undefined) return [];
  const { const: only, enum: several } = resolve<Schema>(document, tag);
  return (only === undefined ? (several ?? []) : [only]).filter((value) => typeof value === "string");
}

function isErrorUnion(document: OpenApiDocument, branches: readonly Schema[]): boolean {
  return branches.every((branch) => branch.$ref !== undefined && errcodesOf(document, branch).length > 0);
}

function mappingEntries(document: OpenApiDocument, branch: Schema, propertyName: string): [string, string][] {
  const { $ref } = branch;
  return $ref === undefined
    ? []
    : discriminatorValues(document, branch, propertyName).map((value): [string, string] => [value, $ref]);
}
