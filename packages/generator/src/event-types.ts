import { componentName, type OpenApiDocument, type Schema } from "./document.ts";
import { eventKinds } from "./event-kinds.ts";
import { eventProblem, type EventFault } from "./event-problem.ts";
import type { EventKind, EventTypeDescriptor, StateKeyRule } from "./event-type-descriptor.ts";
import { GenerationError } from "./generation-error.ts";

/** One type of event: the component that describes its content, and what the component's extensions say. */
export interface EventType {
  /** The component's name, which is the type without an ending that differs from event to event. */
  readonly name: string;
  /** `m.room.member`, or `m.secret_storage.key.{keyId}` where the ending is free. */
  readonly type: string;
  readonly descriptor: EventTypeDescriptor;
}

/**
 * Every type of event that a document describes; throws a GenerationError where what the components say does not fit
 * together.
 */
export async function readEventTypes(document: OpenApiDocument, root: string): Promise<EventType[]> {
  const schemas = Object.entries(document.components?.schemas ?? {});
  const contents = schemas.filter(([name, schema]) => isContent(name, schema));
  const faults = [
    ...contents.flatMap(([name, schema]) => faultsOf(name, schema)),
    ...documentFaults(document, contents),
  ];
  if (faults.length > 0) throw new GenerationError(await Promise.all(faults.map((fault) => eventProblem(fault, root))));
  return contents.map(([name, schema]) => ({ name, type: typeOf(schema), descriptor: describe(schema) }));
}

const stateKeyRules: readonly StateKeyRule[] = ["empty", "user_id", "room_id", "token", "any"];

const typeKey = "x-matrix-event-type";
const kindKey = "x-matrix-event-kind";
const stateKeyKey = "x-matrix-state-key";

/** Event types are written small; the schemas that they share are not. */
function isContent(name: string, schema: Schema): boolean {
  return /^[a-z]/.test(name) || [typeKey, kindKey, stateKeyKey].some((key) => Object.hasOwn(schema, key));
}

function faultsOf(name: string, schema: Schema): EventFault[] {
  const fault = (key: string, message: string, hint: string): EventFault[] => [{ name, key, message, hint }];
  const type = schema[typeKey];
  const kinds = kindsOf(schema);
  const rule = schema[stateKeyKey];
  if (schema.$ref !== undefined)
    return fault(
      typeKey,
      `${name} is listed with the file of ${componentName(schema.$ref)}.`,
      "Correct the $ref, or take the entry out; each event is listed once, under the name of its file.",
    );
  if (typeof type !== "string")
    return fault(typeKey, `${name} has no ${typeKey}.`, "Write the event type there; it is the name of the file too.");
  if (withoutEnding(type) !== name)
    return fault(
      typeKey,
      `the component ${name} describes events of the type ${type}.`,
      "Event type, file name and the name in the list have to be the same; only an ending as .{keyId} is left out of names.",
    );
  const unknown = kinds.find((kind) => !Object.hasOwn(eventKinds, String(kind)));
  if (kinds.length === 0 || unknown !== undefined)
    return fault(
      kindKey,
      kinds.length === 0
        ? `${name} has no ${kindKey}.`
        : `${name} is of the kind "${String(unknown)}", which there is not.`,
      `Write one of ${Object.keys(eventKinds).join(", ")}, or a list of them.`,
    );
  if (kinds.includes("state") && !stateKeyRules.some((known) => known === rule))
    return fault(
      stateKeyKey,
      rule === undefined
        ? `${name} is a state event without ${stateKeyKey}.`
        : `${name} has the state key "${String(rule)}", which is no rule.`,
      `Write which state key it has: ${stateKeyRules.join(", ")}.`,
    );
  if (!kinds.includes("state") && rule !== undefined)
    return fault(
      stateKeyKey,
      `${name} has ${stateKeyKey}, and is no state event.`,
      `Remove it, or correct ${kindKey}.`,
    );
  return [];
}

function documentFaults(document: OpenApiDocument, contents: readonly (readonly [string, Schema])[]): EventFault[] {
  if (contents.length === 0)
    return [
      {
        message: "describes no event: none of its schemas has x-matrix-event-type.",
        hint: "List the files of event contents under components.schemas, or give an API with --api.",
      },
    ];
  const envelopes = [...new Set(Object.values(eventKinds).map(({ envelope }) => envelope))];
  return envelopes
    .filter((envelope) => document.components?.schemas?.[envelope] === undefined)
    .map((envelope) => ({
      message: `does not have the schema ${envelope}, in which contents come.`,
      hint: `Describe it, and list it under components.schemas; needed are ${envelopes.join(", ")}.`,
    }));
}

function describe(schema: Schema): EventTypeDescriptor {
  return {
    kinds: kindsOf(schema) as EventKind[], // checked by faultsOf
    stateKey: (schema[stateKeyKey] as EventTypeDescriptor["stateKey"] | undefined) ?? null, // likewise
    since: (schema["x-addedInMatrixVersion"] as string | undefined) ?? null, // linted by the description's own rules
    deprecatedSince: (schema["x-deprecatedInMatrixVersion"] as string | undefined) ?? null, // likewise
  };
}

function kindsOf(schema: Schema): unknown[] {
  return [schema[kindKey] ?? []].flat();
}

function typeOf(schema: Schema): string {
  return String(schema[typeKey]);
}

function withoutEnding(type: string): string {
  return type.replace(/\.\{\w+\}$/, "");
}
