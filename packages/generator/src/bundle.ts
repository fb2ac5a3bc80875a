import { execFile } from "node:child_process";
import { statSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { OpenApiDocument } from "./document.ts";
import { explainReferences } from "./explain-references.ts";
import { GenerationError, type Problem } from "./generation-error.ts";
import { redoclyProblems, remoteReference } from "./redocly-problems.ts";

/** One API to generate from: a name for the generated folder, and where its description starts. */
export interface ApiSource {
  readonly name: string;
  /** Path of its `openapi.yaml`. */
  readonly root: string;
}

const run = promisify(execFile);
const redoclyCli = createRequire(import.meta.url).resolve("@redocly/cli/bin/cli.js");

/** Without it, a reference to a pipe that nobody writes to would be waited for for ever. */
const timeLimitSeconds = 60;

export interface BundleLimits {
  readonly seconds?: number;
  readonly signal?: AbortSignal;
}

/** Joins each description's files into one document; one process does them all, and two files that want the same component name are an error. */
export async function bundle(
  sources: readonly ApiSource[],
  limits: BundleLimits = {},
): Promise<Map<string, OpenApiDocument>> {
  refuseMissing(sources);
  const folder = await mkdtemp(join(tmpdir(), "matrix-openapi-"));
  try {
    const output = (name: string): string => join(folder, `${name}.json`);
    const config = join(folder, "redocly.yaml");
    const apis = sources.map(({ name, root }) => [name, { root: resolve(root), output: output(name) }] as const);
    await writeFile(config, JSON.stringify({ telemetry: "off", apis: Object.fromEntries(apis) })); // JSON is YAML
    await runRedocly(["bundle", `--config=${config}`, "--component-renaming-conflicts-severity=error"], limits);
    const bundles = new Map<string, OpenApiDocument>();
    for (const { name } of sources) bundles.set(name, sortComponents(JSON.parse(await readFile(output(name), "utf8"))));
    return bundles;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function refuseMissing(sources: readonly ApiSource[]): void {
  const problems = sources.flatMap(({ name, root }): Problem[] => {
    const found = statSync(root, { throwIfNoEntry: false });
    if (found?.isFile() === true) return [];
    const message =
      found === undefined ? "there is no such file" : `is a ${found.isDirectory() ? "folder" : "device"}, no file`;
    const hint = "Give the path of its openapi.yaml: --api NAME=path/to/openapi.yaml";
    return [{ file: root, message: `${message} to read the API "${name}" from.`, hint }];
  });
  if (problems.length > 0) throw new GenerationError(problems);
}

/** Redocly fetches whatever a `$ref` names, but a build has to come out the same, and without a network as well. */
const offline = `globalThis.fetch = async (url) => { throw new Error("${remoteReference} " + url); };`;

async function runRedocly(
  args: readonly string[],
  { seconds = timeLimitSeconds, signal: abort }: BundleLimits,
): Promise<void> {
  const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true", NO_COLOR: "1" };
  const preload = `--import=data:text/javascript,${encodeURIComponent(offline)}`;
  const limits = { maxBuffer: 64 * 1024 * 1024, timeout: seconds * 1000, killSignal: "SIGKILL" } as const;
  try {
    await run(process.execPath, [preload, redoclyCli, ...args], { env, ...limits, ...(abort && { signal: abort }) });
  } catch (error) {
    abort?.throwIfAborted();
    const { stderr, signal } = error as { stderr?: string; signal?: string | null }; // what execFile rejects with
    if (stderr === undefined) throw error;
    if (signal === null || signal === undefined)
      throw new GenerationError(await explainReferences(redoclyProblems(stderr)));
    const killed = signal === limits.killSignal;
    const message = killed ? `did not end within ${seconds} seconds` : `broke off (${signal})`;
    throw new GenerationError([
      {
        message: `joining the descriptions' files ${message}.`,
        hint: "Look for a $ref to what is no file, as a pipe, or for YAML aliases that multiply.",
      },
    ]);
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
