import openapiTS, { astToString, type OpenAPI3 } from "openapi-typescript";
import ts from "typescript";
import { compactTypes, completeTypes } from "./compact-types.ts";
import type { MediaType, OpenApiDocument, Schema } from "./document.ts";
import { mapDocumentSchemas } from "./schema-walk.ts";

/** `paths`, `components` and `operations` as openapi-typescript writes them, in fewer words. */
export async function typesModule(document: OpenApiDocument): Promise<string> {
  const nodes = await openapiTS(withBinaryBodies(mapDocumentSchemas(document, forTypes)) as unknown as OpenAPI3, {
    silent: true,
    alphabetize: false,
    defaultNonNullable: false,
    emptyObjectsUnknown: true,
    transform: (schema) => specialType(schema as Schema), // its SchemaObject is a narrower view of the same
  });
  return completeTypes(astToString(compactTypes(nodes)));
}

function forTypes(schema: Schema): Schema {
  return withHonestIndex(withoutDiscriminator(schema));
}

/** Consts narrow the unions already; a discriminator would only wrap each branch into `Omit<…> & {…}`. */
function withoutDiscriminator(schema: Schema): Schema {
  const { discriminator, ...rest } = schema;
  return discriminator === undefined ? schema : rest;
}

/**
 * `{ version: string } & { [key: string]: Document }` is a type that no value has, because `version` is no `Document`.
 * An index signature has to allow for the named properties, though JSON Schema's additionalProperties does not.
 */
function withHonestIndex(schema: Schema): Schema {
  const { properties, additionalProperties } = schema;
  if (properties === undefined || typeof additionalProperties !== "object") return schema;
  const named = Object.values(properties).map(({ $ref, ...rest }) => ($ref === undefined ? rest : { $ref }));
  return { ...schema, additionalProperties: { anyOf: [additionalProperties, ...named] } };
}

function specialType(schema: Schema): ts.TypeNode | undefined {
  // `not: {}` is how the session-only form of authentication data says that it has no `type`.
  if (
    schema.not !== undefined &&
    Object.keys(schema).every((keyword) => keyword === "not" || keyword === "description")
  ) {
    return ts.factory.createKeywordTypeNode(ts.SyntaxKind.NeverKeyword);
  }
  const excluded = excludedNames(schema);
  if (excluded.length > 0 && excluded.every((name) => !name.includes("."))) return dottedName();
  if (excluded.length > 0 && excluded.every((name) => name.startsWith("m.")))
    return ts.factory.createTypeReferenceNode("OtherName");
  const known: unknown = schema["x-extensible-enum"];
  if (schema.type === "string" && Array.isArray(known)) return openNames(known.map(String));
  // Content that has a schema of its own is text, such as JSON in a query.
  const isContent = schema["contentMediaType"] !== undefined && schema["contentSchema"] === undefined;
  const binary = schema.format === "binary" || (isContent && schema["contentEncoding"] === undefined);
  return binary ? ts.factory.createTypeReferenceNode("Blob") : undefined;
}

/**
 * What the tag of a union's open branch excludes: the tags of the other branches. TypeScript has no type for any string
 * but those, and `string` would undo the narrowing; but names outside of the specification are namespaced, and so told
 * apart from simple names by their dot, and from those that begin with `m.` by what they begin with.
 * https://spec.matrix.org/v1.19/appendices/#common-namespaced-identifier-grammar
 */
function excludedNames({ type, not }: Schema): string[] {
  const names: readonly unknown[] = type === "string" ? (not?.enum ?? []) : [];
  return names.every((name) => typeof name === "string") ? [...names] : [];
}

/** Any string; but editors offer the known ones, which they would not beside a plain `string`. */
function openNames(known: readonly string[]): ts.TypeNode {
  const { factory } = ts;
  const names = known.map((name) => factory.createLiteralTypeNode(factory.createStringLiteral(name)));
  const text = factory.createKeywordTypeNode(ts.SyntaxKind.StringKeyword);
  const other = factory.createIntersectionTypeNode([text, factory.createTypeLiteralNode([])]);
  return factory.createUnionTypeNode([...names, factory.createParenthesizedType(other)]);
}

function dottedName(): ts.TypeNode {
  const text = ts.factory.createKeywordTypeNode(ts.SyntaxKind.StringKeyword);
  return ts.factory.createTemplateLiteralType(ts.factory.createTemplateHead(""), [
    ts.factory.createTemplateLiteralTypeSpan(text, ts.factory.createTemplateMiddle(".")),
    ts.factory.createTemplateLiteralTypeSpan(text, ts.factory.createTemplateTail("")),
  ]);
}

/** OpenAPI 3.1 describes a binary body by leaving its schema out. */
function withBinaryBodies(document: OpenApiDocument): OpenApiDocument {
  const { schemas, ...components } = document.components ?? {};
  return {
    ...document,
    paths: fillBodies(document.paths) as OpenApiDocument["paths"] & object, // same shape as before
    components: { ...(fillBodies(components) as object), ...(schemas !== undefined && { schemas }) },
  };
}

function fillBodies(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fillBodies);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]: [string, unknown]) => {
      // What a schema or an example calls `content` is something else.
      if (key === "schema" || key === "example" || key === "examples") return [key, entry];
      return [key, key === "content" ? fillMediaTypes(entry as Record<string, MediaType>) : fillBodies(entry)]; // OpenAPI's own `content`
    }),
  );
}

function fillMediaTypes(content: Record<string, MediaType>): Record<string, MediaType> {
  return Object.fromEntries(
    Object.entries(content).map(([type, media]) => {
      const isBinary = media.schema === undefined && !/json|^text\//.test(type);
      return [type, isBinary ? { ...media, schema: { type: "string", format: "binary" } } : media];
    }),
  );
}
