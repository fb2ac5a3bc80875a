import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { banner } from "./banner.ts";
import { bundle, type ApiSource } from "./bundle.ts";
import { checkSchemas } from "./check-schemas.ts";
import { readCommonErrors } from "./common-errors.ts";
import { completeDiscriminators } from "./discriminators.ts";
import type { OpenApiDocument } from "./document.ts";
import { apiFiles, sharedFiles } from "./generated-files.ts";
import { mergeCommonErrors } from "./merge-common-errors.ts";
import { checkOperationIds } from "./operation-ids.ts";
import { operationsOf } from "./operations.ts";
import { writeOutput } from "./write-output.ts";

export interface GenerateOptions {
  readonly apis: readonly ApiSource[];
  /** The folder that gets `openapi/` and `src/`. */
  readonly out: string;
  /** Is told what is being done. */
  readonly onStep?: (step: string) => void;
}

export interface GenerateResult {
  readonly apis: readonly { readonly name: string; readonly operations: number; readonly schemas: number }[];
  readonly files: readonly string[];
}

/** Turns descriptions of APIs into bundles, types, operation tables and validators; throws a GenerationError, and writes nothing, where the input is bad. */
export async function generate({ apis, out, onStep = () => {} }: GenerateOptions): Promise<GenerateResult> {
  const files = new Map<string, string>();
  const summaries: GenerateResult["apis"][number][] = [];

  onStep("bundling");
  const bundles = await bundle(apis);
  for (const source of apis) {
    onStep(`generating ${source.name}`);
    const bundled = bundles.get(source.name) as OpenApiDocument; // bundle() answers for each source
    await checkSchemas(bundled, source.root);
    await checkOperationIds(bundled, source.root);
    const common = await readCommonErrors(source.root);
    const { commonErrcodes, ...merged } = await mergeCommonErrors(bundled, common);
    const document = completeDiscriminators(merged.document);
    const specVersion = await readSpecVersion(source.root, document);
    const api = { name: source.name, banner: banner(apis, [source], out), specVersion, common };
    for (const [path, text] of await apiFiles({ ...api, merged: { document, commonErrcodes } })) files.set(path, text);
    summaries.push(summarize(source.name, document));
  }
  for (const [path, text] of await sharedFiles(banner(apis, [], out))) files.set(path, text);

  onStep("writing");
  await writeOutput(out, files);
  return { apis: summaries, files: [...files.keys()] };
}

/** One file beside the API folders pins the release for all of them; without it each API's own version counts. */
async function readSpecVersion(root: string, document: OpenApiDocument): Promise<string> {
  const file = join(dirname(root), "..", "SPEC_VERSION");
  return existsSync(file) ? (await readFile(file, "utf8")).trim() : document.info.version;
}

function summarize(name: string, document: OpenApiDocument): GenerateResult["apis"][number] {
  const schemas = Object.keys(document.components?.schemas ?? {}).length;
  return { name, operations: operationsOf(document).length, schemas };
}
