import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { OpenApiDocument } from "./document.ts";
import { GenerationError } from "./generation-error.ts";
import { redoclyProblems } from "./redocly-problems.ts";

/** One API to generate from: a name for the generated folder, and where its description starts. */
export interface ApiSource {
  readonly name: string;
  /** Path of its `openapi.yaml`. */
  readonly root: string;
}

const run = promisify(execFile);
const redoclyCli = createRequire(import.meta.url).resolve("@redocly/cli/bin/cli.js");

/** Joins each description's files into one document; one process does them all, and two files that want the same component name are an error. */
export async function bundle(sources: readonly ApiSource[]): Promise<Map<string, OpenApiDocument>> {
  refuseMissing(sources);
  const folder = await mkdtemp(join(tmpdir(), "matrix-openapi-"));
  try {
    const output = (name: string): string => join(folder, `${name}.json`);
    const config = join(folder, "redocly.yaml");
    const apis = sources.map(({ name, root }) => [name, { root: resolve(root), output: output(name) }] as const);
    await writeFile(config, JSON.stringify({ telemetry: "off", apis: Object.fromEntries(apis) })); // JSON is YAML
    await runRedocly(["bundle", `--config=${config}`, "--component-renaming-conflicts-severity=error"]);
    const bundles = new Map<string, OpenApiDocument>();
    for (const { name } of sources) bundles.set(name, sortComponents(JSON.parse(await readFile(output(name), "utf8"))));
    return bundles;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function refuseMissing(sources: readonly ApiSource[]): void {
  const missing = sources.filter(({ root }) => !existsSync(root));
  if (missing.length === 0) return;
  throw new GenerationError(
    missing.map(({ name, root }) => ({
      file: root,
      message: `there is no such file to read the API "${name}" from.`,
      hint: "Give the path of its openapi.yaml: --api NAME=path/to/openapi.yaml",
    })),
  );
}

async function runRedocly(args: readonly string[]): Promise<void> {
  const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true", NO_COLOR: "1" };
  try {
    await run(process.execPath, [redoclyCli, ...args], { env, maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    const { stderr } = error as { stderr?: string }; // execFile rejects with the process's output
    if (stderr === undefined) throw error;
    throw new GenerationError(redoclyProblems(stderr));
  }
}

/** The order in which components are met depends on how the files are read; sorted, equal input gives equal output. */
function sortComponents(document: OpenApiDocument): OpenApiDocument {
  const kinds = Object.entries(document.components ?? {}).toSorted(byKey);
  const components = kinds.map(([kind, entries]) => [
    kind,
    Object.fromEntries(Object.entries(entries ?? {}).toSorted(byKey)),
  ]);
  return { ...document, components: Object.fromEntries(components) };
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
