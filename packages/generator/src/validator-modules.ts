import { fileURLToPath } from "node:url";
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
  const imports = Object.keys(parts).map((module) => `import * as ${module} from "validators:${module}";`);
  const result = await build({
    stdin: {
      contents: [...imports, `export const ${exportName} = {`, ...rows, "};"].join("\n"),
      resolveDir: fileURLToPath(new URL(".", import.meta.url)),
    },
    plugins: [provide(parts)],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    charset: "utf8",
    // Unminified, the code names the folders that Ajv was found in, and they differ from machine to machine.
    minify: true,
    logLevel: "silent",
  });
  return result.outputFiles[0]?.text ?? "";
}

function provide(parts: Readonly<Record<string, CompiledValidators>>): Plugin {
  return {
    name: "validators",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^validators:/ }, ({ path }) => ({
        path: path.slice("validators:".length),
        namespace: "validators",
      }));
      onLoad({ filter: /.*/, namespace: "validators" }, ({ path }) => ({
        contents: parts[path]?.code ?? "",
        resolveDir: fileURLToPath(new URL(".", import.meta.url)),
      }));
    },
  };
}
