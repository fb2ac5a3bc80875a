import { basename, extname } from "node:path";
import type { OpenApiDocument } from "./document.ts";
import { GenerationError, type Problem } from "./generation-error.ts";
import { referencesFrom } from "./references.ts";

/** Any text is YAML, so a `$ref` to whatever file is followed; here it turns out to have led to no schema. */
export async function checkSchemas(document: OpenApiDocument, root: string): Promise<void> {
  const problems: Problem[] = [];
  for (const [name, schema] of Object.entries<unknown>(document.components?.schemas ?? {})) {
    if (typeof schema === "object" && schema !== null && !Array.isArray(schema)) continue;
    // A component is named after its file.
    const place = (await referencesFrom(root)).find(({ target }) => basename(target, extname(target)) === name);
    problems.push({
      file: place?.file ?? root,
      ...(place && { line: place.line }),
      message: `${place?.written ?? name} is not a schema, which would be an object.`,
      hint: "Correct that file, or the $ref that leads to it.",
    });
  }
  if (problems.length > 0) throw new GenerationError(problems);
}
