import type { Documents } from "./follow-refs.ts";
import { fieldsOf, isObject, itemsOf, mapValues, type JsonObject } from "./json.ts";
import { schemaFacts, versionFacts } from "./schema-facts.ts";
import type { Shown } from "./text-facts.ts";

const folder = "data/event-schemas/schema";
const coreFolder = `${folder}/core-event-schema`;

/** The facts of every event schema, in the order of their files. */
export function eventFacts(documents: Documents, shown: readonly Shown[]): JsonObject[] {
  return eventFiles(documents).map((file) => describe(documents, file, shown));
}

/** Schemas that lie among the events but have no `content` of their own. */
export function nonEventSchemas(documents: Documents): string[] {
  const events = new Set(eventFiles(documents));
  return documents
    .list(folder)
    .filter((file) => !events.has(file))
    .map(nameOf);
}

/** The forms that events share, such as `state_event`, by name. */
export function eventFormats(documents: Documents): JsonObject {
  return Object.fromEntries(
    documents.list(coreFolder).map((file) => [nameOf(file), schemaFacts(documents, documents.load(file))]),
  );
}

/** What each form of a message requires and may carry. */
export function messageTypes(events: readonly JsonObject[]): JsonObject {
  return Object.fromEntries(
    events.flatMap(({ variant, content }) => {
      const name = isObject(variant) ? variant["msgtype"] : undefined;
      if (typeof name !== "string" || !isObject(content)) return [];
      const fields = Object.keys((content["properties"] as JsonObject | undefined) ?? {}).toSorted(); // an object schema
      return [[name, { required: content["required"] ?? [], fields }]];
    }),
  );
}

function eventFiles(documents: Documents): string[] {
  return documents.list(folder).filter((file) => {
    const { properties } = schemaFacts(documents, documents.load(file));
    return isObject(properties) && "content" in properties;
  });
}

function nameOf(file: string): string {
  return file.replace(/^.*\/|\.yaml$/g, "");
}

function describe(documents: Documents, file: string, shown: readonly Shown[]): JsonObject {
  const name = nameOf(file);
  const [type = name, form] = name.split("$");
  const node = documents.load(file);
  const { properties, required } = schemaFacts(documents, node);
  const { content, type: typeSchema, state_key: stateKey, ...others } = properties as JsonObject; // eventFiles looked
  const types = isObject(typeSchema) ? itemsOf(typeSchema["enum"]) : [];
  const base = baseOf(node);
  const versions = versionFacts(node);
  const section = shown.find((place) => place.kind === "event" && place.name === name)?.addedIn;
  const topLevel = topLevelFields(documents, base, others);
  return {
    type,
    kinds: base === "state_event" ? ["state"] : base === "room_event" || base === "call_event" ? ["message"] : [],
    ...(form !== undefined && { variant: { [type === "m.room.message" ? "msgtype" : "method"]: form } }),
    ...versions,
    ...(versions["addedIn"] === undefined && section !== undefined && { addedIn: section, addedInFrom: "text" }),
    ...((types.length !== 1 || types[0] !== type) && { upstreamTypeEnum: types }),
    ...(base === "state_event" && { stateKey: stateKeyRule(stateKey) }),
    ...(Object.keys(topLevel).length > 0 && { topLevel }),
    topLevelRequired: required ?? [],
    content,
  };
}

/** The form that an event is built on: the file its `allOf` names. */
function baseOf(node: JsonObject): string {
  const refs = itemsOf(node["allOf"]).map((part) => (isObject(part) ? String(part["$ref"] ?? "") : ""));
  const file = refs.find((ref) => ref.startsWith(coreFolder));
  return file === undefined ? "event" : nameOf(file.replace(/#.*/, ""));
}

/** What stands beside `content` and is not as the base has it. */
function topLevelFields(documents: Documents, base: string, fields: JsonObject): JsonObject {
  const plain = schemaFacts(documents, documents.load(`${coreFolder}/${base}.yaml`));
  const known = mapValues(plain["properties"], (schema) => JSON.stringify(schema));
  return Object.fromEntries(fieldsOf(fields).filter(([name, schema]) => known[name] !== JSON.stringify(schema)));
}

function stateKeyRule(schema: unknown): JsonObject {
  const { format, pattern } = isObject(schema) ? schema : {};
  const rule = pattern === "^$" ? "empty" : pattern === "^@" ? "user_id" : "any";
  return { rule, ...(format !== undefined && { format }), ...(pattern !== undefined && { pattern }) };
}
