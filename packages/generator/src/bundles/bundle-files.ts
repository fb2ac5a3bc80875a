import type { ApiSource } from "../bundle.ts";
import type { OpenApiDocument } from "../document.ts";
import type { EventType } from "../event-types.ts";
import { refuseAll } from "../place-problems.ts";
import { eventJsonSchemas } from "./event-json-schemas.ts";
import { openApi30 } from "./open-api-3-0.ts";
import { tagSubsets } from "./tag-subsets.ts";
import { yamlText } from "./yaml.ts";

/** Path under the output folder → text: one description in every form that some tool may want. */
export async function bundleFiles(
  { name, root }: ApiSource,
  banner: string,
  document: OpenApiDocument,
): Promise<Map<string, string>> {
  const { document: older, refusals } = openApi30(document);
  await refuseAll(refusals, root);
  const subsets = [...tagSubsets(document)].map(([slug, subset]): [string, string] => [
    `openapi/tags/${name}/${slug}.json`,
    bundleText(banner, subset),
  ]);
  return new Map([
    [`openapi/${name}.json`, bundleText(banner, document)],
    [`openapi/${name}.yaml`, yamlText(banner, document)],
    [`openapi/${name}-3.0.json`, bundleText(banner, older)],
    [`openapi/${name}-3.0.yaml`, yamlText(banner, older)],
    ...subsets,
  ]);
}

/** Likewise for the contents of events, as JSON Schemas. */
export function jsonSchemaFiles(
  { name }: ApiSource,
  banner: string,
  document: OpenApiDocument,
  types: readonly EventType[],
): Map<string, string> {
  return new Map(
    [...eventJsonSchemas(document, types)].map(([file, schema]) => [
      `openapi/json-schemas/${name}/${file}`,
      jsonText({ $comment: banner, ...schema }),
    ]),
  );
}

function bundleText(banner: string, { openapi, ...rest }: OpenApiDocument): string {
  return jsonText({ openapi, "x-generated": banner, ...rest });
}

function jsonText(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
