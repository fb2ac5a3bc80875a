import type { OpenApiDocument, Schema } from "./document.ts";

const single = [
  "items",
  "additionalProperties",
  "unevaluatedProperties",
  "unevaluatedItems",
  "propertyNames",
  "contains",
  "not",
  "if",
  "then",
  "else",
  "contentSchema",
];
const lists = ["allOf", "anyOf", "oneOf", "prefixItems"];
const maps = ["properties", "patternProperties", "dependentSchemas", "$defs"];

/** Rebuilds a schema from the inside out; only real subschemas are visited, never a property that is named like a keyword. */
export function mapSchema(schema: Schema, change: (schema: Schema) => Schema): Schema {
  const rebuild = (value: unknown): unknown => (isSchema(value) ? mapSchema(value, change) : value);
  return change(
    Object.fromEntries(
      Object.entries(schema).map(([keyword, value]) => {
        if (single.includes(keyword)) return [keyword, rebuild(value)];
        if (lists.includes(keyword) && Array.isArray(value)) return [keyword, value.map(rebuild)];
        if (maps.includes(keyword) && isSchema(value)) {
          return [keyword, Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, rebuild(entry)]))];
        }
        return [keyword, value];
      }),
    ),
  );
}

/** Rebuilds every schema of a document: those of components, parameters, headers and bodies. */
export function mapDocumentSchemas(document: OpenApiDocument, change: (schema: Schema) => Schema): OpenApiDocument {
  const { schemas = {}, ...otherComponents } = document.components ?? {};
  const changed = Object.entries(schemas).map(([name, schema]) => [name, mapSchema(schema, change)] as const);
  return {
    ...document,
    paths: mapSchemaFields(document.paths ?? {}, change) as OpenApiDocument["paths"] & object, // same shape as before
    components: {
      ...(mapSchemaFields(otherComponents, change) as typeof otherComponents), // same shape as before
      ...(changed.length > 0 && { schemas: Object.fromEntries(changed) }),
    },
  };
}

/** Outside of schemas, OpenAPI keeps a schema only ever under the key `schema`; examples are left alone. */
function mapSchemaFields(value: unknown, change: (schema: Schema) => Schema): unknown {
  if (Array.isArray(value)) return value.map((entry) => mapSchemaFields(entry, change));
  if (!isSchema(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => {
      if (key === "schema" && isSchema(entry)) return [key, mapSchema(entry, change)];
      if (key === "example" || key === "examples" || key.startsWith("x-")) return [key, entry];
      return [key, mapSchemaFields(entry, change)];
    }),
  );
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
