import { banner } from "./banner.ts";
import { bundle, type ApiSource } from "./bundle.ts";
import { bundleFiles, jsonSchemaFiles } from "./bundles/bundle-files.ts";
import { changelogFiles } from "./changelog/changelog-files.ts";
import { changesIn, type Change } from "./changelog/changes.ts";
import { checkDescription } from "./check-description.ts";
import { readCommonErrors } from "./common-errors.ts";
import { completeDiscriminators } from "./discriminators.ts";
import type { OpenApiDocument } from "./document.ts";
import { readEventTypes } from "./event-types.ts";
import { apiFiles, eventFiles, sharedFiles, type GeneratedFiles } from "./generated-files.ts";
import { clearLeftovers } from "./leftovers.ts";
import { mergeCommonErrors } from "./merge-common-errors.ts";
import { operationsOf } from "./operations.ts";
import { readSpecVersion } from "./spec-version.ts";
import { linkOperations } from "./spec-links.ts";
import { writeOutput } from "./write-output.ts";

export interface GenerateOptions {
  readonly apis: readonly ApiSource[];
  /** Descriptions without paths, whose schemas are the contents of events. */
  readonly events?: readonly ApiSource[];
  /** The folder that gets `openapi/` and `src/`. */
  readonly out: string;
  /** Is told what is being done. */
  readonly onStep?: (step: string) => void;
  /** Ends the work before its time; what was there stays. */
  readonly signal?: AbortSignal;
}

export interface GenerateResult {
  readonly apis: readonly { readonly name: string; readonly operations: number; readonly schemas: number }[];
  readonly events: readonly { readonly name: string; readonly types: number; readonly schemas: number }[];
  readonly files: readonly string[];
}

/**
 * Turns descriptions of APIs into bundles, types, operation tables and validators; throws a GenerationError, and writes
 * nothing, where the input is bad.
 */
export async function generate({
  apis,
  events = [],
  out,
  onStep = () => {},
  signal,
}: GenerateOptions): Promise<GenerateResult> {
  const files = new Map<string, string>();
  const summaries: GenerateResult["apis"][number][] = [];
  const eventSummaries: GenerateResult["events"][number][] = [];
  const changes: Change[] = [];
  const add = (more: GeneratedFiles): void => more.forEach((text, path) => files.set(path, text));
  const bannerFor = (from: readonly ApiSource[]): string => banner({ apis, events }, from, out);

  const step = (name: string): void => {
    signal?.throwIfAborted();
    onStep(name);
  };

  await clearLeftovers(out);
  step("bundling");
  const bundles = await bundle([...apis, ...events], { ...(signal && { signal }) });
  for (const source of apis) {
    step(`generating ${source.name}`);
    const bundled = bundles.get(source.name) as OpenApiDocument; // bundle() answers for each source
    await checkDescription(bundled, source.root);
    const common = await readCommonErrors(source.root);
    const { commonErrcodes, ...merged } = await mergeCommonErrors(bundled, common);
    const document = linkOperations(completeDiscriminators(merged.document));
    const specVersion = await readSpecVersion(source.root, document);
    const api = { name: source.name, banner: bannerFor([source]), specVersion, common };
    add(await apiFiles({ ...api, merged: { document, commonErrcodes } }));
    add(await bundleFiles(source, api.banner, document));
    changes.push(...changesIn(source.name, document));
    summaries.push(summarize(source.name, document));
  }
  for (const source of events) {
    step(`generating ${source.name}`);
    const bundled = bundles.get(source.name) as OpenApiDocument; // bundle() answers for each source
    await checkDescription(bundled, source.root);
    const types = await readEventTypes(bundled, source.root);
    const document = completeDiscriminators(bundled);
    const written = { name: source.name, banner: bannerFor([source]), document, events: types };
    add(await eventFiles(written));
    add(await bundleFiles(source, written.banner, document));
    add(jsonSchemaFiles(source, written.banner, document, types));
    changes.push(...changesIn(source.name, document));
    eventSummaries.push({ name: source.name, types: types.length, schemas: schemasOf(document) });
  }
  add(changelogFiles(bannerFor([...apis, ...events]), changes));
  add(await sharedFiles(bannerFor([])));

  step("writing");
  await writeOutput(out, files, signal);
  return { apis: summaries, events: eventSummaries, files: [...files.keys()] };
}

function summarize(name: string, document: OpenApiDocument): GenerateResult["apis"][number] {
  return { name, operations: operationsOf(document).length, schemas: schemasOf(document) };
}

function schemasOf(document: OpenApiDocument): number {
  return Object.keys(document.components?.schemas ?? {}).length;
}
