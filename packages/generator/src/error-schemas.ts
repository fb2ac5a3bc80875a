import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { parse } from "yaml";
import { resolve, type OpenApiDocument, type Schema } from "./document.ts";
import { GenerationError } from "./generation-error.ts";
import { mapSchema } from "./schema-walk.ts";

/** Adds the schemas of these errcodes, and what they refer to, to the components of a bundle that does not have them yet. */
export async function addErrorSchemas(
  document: OpenApiDocument,
  errcodes: Iterable<string>,
  listFile: string,
): Promise<OpenApiDocument> {
  const schemas: Record<string, Schema> = { ...document.components?.schemas };
  const waiting = [...errcodes].map((code) => ({
    file: join(dirname(listFile), "..", "shared", "errors", `${code}.yaml`),
    askedFor: `${listFile} lists ${code}`,
  }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { file, askedFor } = next;
    const name = basename(file, ".yaml");
    if (Object.hasOwn(schemas, name)) continue;
    schemas[name] = mapSchema(await readSchema(file, askedFor), (schema) => {
      if (schema.$ref === undefined || schema.$ref.startsWith("#")) return schema;
      waiting.push({ file: join(dirname(file), schema.$ref), askedFor: `${file} refers to it` });
      return { ...schema, $ref: schemaRef(basename(schema.$ref, ".yaml")) };
    });
  }
  const sorted = Object.entries(schemas).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { ...document, components: { ...document.components, schemas: Object.fromEntries(sorted) } };
}

export function schemaRef(name: string): string {
  return `#/components/schemas/${name}`;
}

/** The errcodes that a body may carry, in written order; empty where it is not an error, or one with an open code. */
export function errcodesOf(document: OpenApiDocument, schema: Schema): string[] {
  const resolved = resolve<Schema>(document, schema);
  const branches = [...(resolved.oneOf ?? []), ...(resolved.anyOf ?? [])];
  if (branches.length > 0) return [...new Set(branches.flatMap((branch) => errcodesOf(document, branch)))];
  const errcode = resolved.properties?.["errcode"];
  const codes = errcode === undefined ? [] : errcode.const === undefined ? errcode.enum : [errcode.const];
  return (codes ?? []).filter((code) => typeof code === "string");
}

async function readSchema(file: string, askedFor: string): Promise<Schema> {
  let schema: unknown;
  try {
    schema = parse(await readFile(file, "utf8"));
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new GenerationError([
      {
        file,
        message: missing
          ? `there is no such file, but ${askedFor}.`
          : `cannot be read: ${String(error).split("\n")[0] ?? ""}`,
        hint: missing ? "Describe the code in that file, or take it off the list." : "Correct the YAML.",
      },
    ]);
  }
  if (typeof schema === "object" && schema !== null && !Array.isArray(schema)) return schema as Schema; // one a file
  const message = `is no schema, which would be a map, but ${askedFor}.`;
  throw new GenerationError([{ file, line: 1, message, hint: "Describe the code there, or take it off the list." }]);
}
