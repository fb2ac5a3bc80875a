import type { EventType } from "../event-types.ts";
import type { OpenApiDocument, Schema } from "../document.ts";
import { mapSchema } from "../schema-walk.ts";
import { namesIn, reachable, type References } from "./reachable.ts";

const definitions = "#/$defs/";

/** By file name: the content of each type of event as a JSON Schema that needs nothing else, and a list of them. */
export function eventJsonSchemas(document: OpenApiDocument, types: readonly EventType[]): Map<string, object> {
  const schemas = new Map(
    Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => [name, mapSchema(schema, plain)]),
  );
  const references: References = new Map([...schemas].map(([name, schema]) => [name, namesIn(schema, definitions)]));
  const files = types.map(({ name }): [string, object] => [fileOf(name), selfContained(name, schemas, references)]);
  return new Map([["index.json", { events: types.map(indexEntry) }], ...files]);
}

function fileOf(name: string): string {
  return `${name}.json`;
}

function indexEntry({ name, type, descriptor: { kinds, stateKey } }: EventType): object {
  return { type, kinds, ...(stateKey !== null && { stateKey }), schema: fileOf(name) };
}

/** The `$id` is relative, so that it is right wherever the folder is served, and takes no domain's name in vain. */
function selfContained(name: string, schemas: ReadonlyMap<string, Schema>, references: References): object {
  const needed = [...reachable(references.get(name) ?? [], references)].toSorted();
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: fileOf(name),
    ...schemas.get(name),
    ...(needed.length > 0 && { $defs: Object.fromEntries(needed.map((each) => [each, schemas.get(each)])) }),
  };
}

const ofOpenApi = ["discriminator", "xml", "externalDocs", "example"];

/**
 * Strict validators refuse keywords and formats they do not know. Nothing that validates is lost: unions are told apart
 * by their consts, and the formats of Matrix have patterns beside them.
 */
function plain(schema: Schema): Schema {
  const { $ref, example, format, ...rest } = schema;
  const kept = Object.entries(rest).filter(([keyword]) => !keyword.startsWith("x-") && !ofOpenApi.includes(keyword));
  return {
    ...($ref !== undefined && { $ref: $ref.replace("#/components/schemas/", definitions) }),
    ...Object.fromEntries(kept),
    ...(format !== undefined && !format.startsWith("mx-") && { format }),
    ...(example !== undefined && rest["examples"] === undefined && { examples: [example] }),
  };
}
