import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { posix } from "node:path";
import { build, type Plugin } from "esbuild";
import { compileValidators, type CompiledValidators } from "./compile-validators.ts";
import type { OpenApiDocument } from "./document.ts";
import { operationsOf } from "./operations.ts";
import { printKey } from "./print-literal.ts";
import { validatorSchemas } from "./validator-schemas.ts";

/** Two self-contained ES modules: servers load the first, and the second only where they check themselves. */
export async function validatorModules(document: OpenApiDocument): Promise<{ request: string; response: string }> {
  const schemas = validatorSchemas(document);
  const operationIds = operationsOf(document).map(({ operationId }) => operationId);
  const parameters = compileValidators(document, schemas.parameters, { coerce: true });
  const bodies = compileValidators(document, schemas.bodies, { coerce: false });
  const responses = compileValidators(document, schemas.responses, { coerce: false });
  return {
    request: await bundleModule("requestValidators", operationIds, { parameters, bodies }),
    response: await bundleModule("responseValidators", operationIds, { responses }),
  };
}

/** Ajv's code calls its runtime through `require`, also in ES modules; esbuild takes the few functions in. */
async function bundleModule(
  exportName: string,
  operationIds: readonly string[],
  parts: Readonly<Record<string, CompiledValidators>>,
): Promise<string> {
  const rows = operationIds.map((operationId) => {
    const cells = Object.entries(parts).flatMap(([module, { table }]) =>
      Object.entries(table.get(operationId) ?? {}).map(([part, name]) => `${printKey(part)}: ${module}.${name}`),
    );
    return `  ${printKey(operationId)}: {${cells.join(", ")}},`;
  });
  const imports = Object.keys(parts).map((module) => `import * as ${module} from "${module}";`);
  const modules = Object.entries(parts).map(([module, { code }]) => [module, code] as const);
  const entry = [...imports, `export const ${exportName} = {`, ...rows, "};"].join("\n");
  const result = await build({
    entryPoints: ["entry"],
    plugins: [provide(new Map([["entry", entry], ...modules]))],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    charset: "utf8",
    minifySyntax: true,
    logLevel: "silent",
  });
  return result.outputFiles[0]?.text ?? "";
}

/** Answers every import by its bare name, so that the folders of this machine do not show in the output. */
function provide(modules: ReadonlyMap<string, string>): Plugin {
  const { resolve } = createRequire(import.meta.url);
  const namespace = "validators";
  return {
    name: namespace,
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /.*/ }, ({ path, importer }) => ({
        path: path.startsWith(".") ? posix.join(posix.dirname(importer), path) : path,
        namespace,
      }));
      onLoad({ filter: /.*/, namespace }, async ({ path }) => ({
        contents: modules.get(path) ?? (await readFile(resolve(path), "utf8")),
      }));
    },
  };
}
