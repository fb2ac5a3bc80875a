import { Ajv2020, type AnySchema } from "ajv/dist/2020.js";
import standalone from "ajv/dist/standalone/index.js";
import formats from "ajv-formats";
import { askableUnions } from "./askable-unions.ts";
import type { OpenApiDocument, Schema } from "./document.ts";
import { GenerationError } from "./generation-error.ts";
import { mapSchema } from "./schema-walk.ts";
import type { SchemaTable } from "./validator-schemas.ts";

/** Validation functions as code, and which of them checks what. */
export interface CompiledValidators {
  /** An ES module (with `require` calls to Ajv's runtime) that exports the functions by the names in `table`. */
  readonly code: string;
  /** operationId → part → name of the function. */
  readonly table: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

/** Compiles each distinct schema once, however many operations share it. */
export function compileValidators(
  document: OpenApiDocument,
  schemas: SchemaTable,
  { coerce }: { readonly coerce: boolean },
): CompiledValidators {
  const ajv = createAjv(coerce, JSON.stringify(document).includes('"unevaluated'));
  for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) {
    const cleaned = forAjv(document, schema);
    allowMatrixFormats(ajv, cleaned);
    // Schema is looser than Ajv's own type.
    refuseBroken(() => ajv.addSchema(cleaned as AnySchema, componentId(name)), `the schema ${name}`);
  }

  const names = new Map<string, string>();
  const exported: Record<string, string> = {};
  const table = [...schemas].map(([operationId, parts]) => {
    const functions = Object.entries(parts).map(([part, schema]) => {
      const cleaned = forAjv(document, schema);
      const text = JSON.stringify(cleaned);
      const known = names.get(text);
      if (known !== undefined) return [part, known];
      const name = uniqueName(`${operationId}_${part}`, new Set(names.values()));
      allowMatrixFormats(ajv, cleaned);
      const id = onlyRef(cleaned) ?? name;
      if (id === name) ajv.addSchema(cleaned as AnySchema, id); // see above
      refuseBroken(() => ajv.getSchema(id), `${operationId}: ${part}`);
      names.set(text, name);
      exported[name] = id;
      return [part, name];
    });
    return [operationId, Object.fromEntries(functions) as Record<string, string>] as const; // pairs of strings
  });
  return { code: standalone.default(ajv, exported), table: new Map(table) };
}

function createAjv(coerce: boolean, unevaluated: boolean): Ajv2020 {
  const ajv = new Ajv2020({
    strict: true,
    strictTypes: false,
    strictRequired: false,
    strictTuples: false,
    discriminator: true,
    coerceTypes: coerce ? "array" : false,
    // Tiny schemas are cheaper inlined than called; anything larger is one shared function.
    inlineRefs: 4,
    code: { source: true, esm: true },
    logger: false,
  });
  formats.default(ajv);
  ajv.addFormat("email", internationalEmail);
  // Ajv2020 keeps books in every call for two features; the meta-schema needs the one, so that is compiled before they go.
  ajv.validateSchema({});
  ajv.opts.dynamicRef = false;
  ajv.opts.unevaluated = unevaluated;
  return ajv;
}

/** ajv-formats takes ASCII and dotted domains only; mail has long had others (RFC 6531), and so have Matrix's own examples. */
const internationalEmail = /^[^\s@]{1,64}@[^\s@]{1,255}$/u;

/** What is a component and nothing more needs no function beside the component's own. */
function onlyRef(schema: Schema): string | undefined {
  const isComponent = Object.keys(schema).length === 1 && schema.$ref?.includes("#") === false;
  return isComponent ? schema.$ref : undefined;
}

/** Ajv's strict mode finds misspelt keywords, so what OpenAPI adds to JSON Schema is taken out first. */
function forAjv(document: OpenApiDocument, schema: Schema): Schema {
  return mapSchema(askableUnions(document, schema), (part) => {
    const kept = Object.entries(part).filter(([keyword]) => !annotations.has(keyword) && !keyword.startsWith("x-"));
    const cleaned: Schema = Object.fromEntries(kept);
    if (cleaned.$ref !== undefined) cleaned.$ref = ajvRef(cleaned.$ref);
    // `type: integer` says as much as a check of int64 would.
    if (cleaned.format === "int64" && cleaned.type === "integer") delete cleaned.format;
    return cleaned;
  });
}

const annotations = new Set([
  "title",
  "description",
  "default",
  "example",
  "examples",
  "deprecated",
  "readOnly",
  "writeOnly",
  "xml",
  "externalDocs",
  "contentMediaType",
  "contentEncoding",
  "contentSchema",
]);

function ajvRef(ref: string): string {
  const [, name = "", rest = ""] = /^#\/components\/schemas\/([^/]+)(\/.*)?$/.exec(ref) ?? [];
  if (name === "") {
    throw new GenerationError([
      {
        message: `the $ref ${ref} of a schema leads outside of #/components/schemas.`,
        hint: "Put the schema into a file of its own, and refer to that.",
      },
    ]);
  }
  return `${componentId(name)}${rest === "" ? "" : `#${rest}`}`;
}

function componentId(name: string): string {
  return `/schemas/${name}`;
}

/** The grammar of Matrix identifiers is in patterns and lengths; their formats only say what they are. */
function allowMatrixFormats(ajv: Ajv2020, schema: Schema): void {
  mapSchema(schema, (part) => {
    if (part.format?.startsWith("mx-")) ajv.addFormat(part.format, true);
    return part;
  });
}

function uniqueName(wanted: string, taken: ReadonlySet<string>): string {
  const name = wanted.replaceAll(/\W/g, "_");
  return taken.has(name) ? uniqueName(`${name}_`, taken) : name;
}

function refuseBroken(compile: () => unknown, where: string): void {
  try {
    compile();
  } catch (error) {
    throw new GenerationError([
      {
        message: `${where}: no validator can be made from this schema: ${(error as Error).message}`, // Ajv throws Errors
        hint: "Correct the schema, or one it refers to.",
      },
    ]);
  }
}
