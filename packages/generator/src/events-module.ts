import { componentName, resolve, type OpenApiDocument, type Schema } from "./document.ts";
import { discriminatorValues } from "./discriminators.ts";
import { eventKinds, type EventKindNames } from "./event-kinds.ts";
import type { EventKind, StateKeyRule } from "./event-type-descriptor.ts";
import type { EventType } from "./event-types.ts";
import { printLiteral } from "./print-literal.ts";

/**
 * The types of events as data: what each type contains, and what is made of it; interfaces, so that others can add
 * their own types.
 */
export function eventsModule(banner: string, document: OpenApiDocument, events: readonly EventType[]): string {
  return `// ${banner}

import type { EventTypeDescriptor } from "../index.ts";
import type { components } from "./types.ts";

type Schemas = components["schemas"];

${kinds.map((kind) => contentsInterface(kind, document, events)).join("\n")}
/** What state keys are, by event type; a type that is not here has any string. */
export interface StateKeys ${block(events.flatMap(stateKeyLines))}

/** The contents of \`m.room.message\`, by \`msgtype\`. */
export interface MessageTypes ${block(messageTypes(document, events))}

${kinds.map(({ name }) => `export type ${name}Type = keyof ${name}Contents;`).join("\n")}

/** The types of events of all kinds. */
export type EventType =${union(({ name }) => `${name}Type`)};

/** The content of events of a type; that of \`m.room.message\` is told apart by \`msgtype\`. */
export type EventContent<T extends EventType> =${union(({ name }) => `Entry<${name}Contents, T>`)};

/** The state key of state events of a type: \`""\` where there is one such event in a room, \`string\` elsewhere. */
export type StateKey<T extends StateEventType> = T extends keyof StateKeys ? StateKeys[T] : string;

${kinds.map(eventForms).join("\n")}
/** An event of a type, in each of the forms it comes in; without an argument, any event, told apart by \`type\`. */
export type EventOf<T extends EventType = EventType> =${union(({ name }) => `${name}<Extract<T, ${name}Type>>`)};

/** What is known about the types of events besides their contents. */
export const eventTypes = freeze(${printLiteral(table(events))} as const satisfies Record<string, EventTypeDescriptor>);

type Entry<Contents, T> = T extends keyof Contents ? Contents[T] : never;

function freeze<const T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === "object" && inner !== null) freeze(inner);
  return Object.freeze(value);
}
`;
}

interface Kind extends EventKindNames {
  readonly kind: EventKind;
}

const kinds = Object.entries(eventKinds).map(([kind, names]): Kind => ({ kind: kind as EventKind, ...names })); // its keys are

function contentsInterface(
  { kind, name, noun }: Kind,
  document: OpenApiDocument,
  events: readonly EventType[],
): string {
  const own = events.filter(({ descriptor }) => descriptor.kinds.includes(kind));
  const rows = own.map(({ name: component, type, descriptor }) => {
    const content = isMessageUnion(document, component) ? "MessageTypes[keyof MessageTypes]" : schemaType(component);
    return `${descriptor.deprecatedSince === null ? "" : "/** @deprecated */ "}${typeKey(type)}: ${content};`;
  });
  return `/** The contents of ${noun}, by event type. */\nexport interface ${name}Contents ${block(rows)}\n`;
}

/**
 * An event is its envelope with a type of its own; distributed over a union of types, so that `type` tells them apart.
 */
function eventForms({ kind, name, noun, envelope }: Kind): string {
  const stateKey = { state: ["state_key: StateKey<T>;"], message: ["state_key?: never;"] }[kind as string] ?? [];
  const replaced = ["type", "content", ...(stateKey.length > 0 ? ["state_key"] : [])].map((key) => JSON.stringify(key));
  const fields = ["type: T;", ...stateKey, `content: ${name}Contents[T];`];
  return `/** ${noun[0]?.toUpperCase()}${noun.slice(1)} of a type; without an argument, of any, told apart by \`type\`. */
export type ${name}<T extends ${name}Type = ${name}Type> = T extends ${name}Type ? ${name}Of<T> : never;

interface ${name}Of<T extends ${name}Type> extends Omit<${schemaType(envelope)}, ${replaced.join(" | ")}> ${block(fields)}
`;
}

const stateKeyMeanings: Readonly<Record<StateKeyRule, string>> = {
  empty: "",
  user_id: "The ID of the user that it is about.",
  room_id: "The ID of the room that it is about.",
  token: "The token of the invitation.",
  any: "Any string, at its sender's choice.",
};

function stateKeyLines({ type, descriptor: { stateKey } }: EventType): string[] {
  if (stateKey === null) return [];
  if (stateKey === "empty") return [`${typeKey(type)}: "";`];
  return [`/** ${stateKeyMeanings[stateKey]} */`, `${typeKey(type)}: string;`];
}

function messageTypes(document: OpenApiDocument, events: readonly EventType[]): string[] {
  return events
    .flatMap(({ name }) => messageForms(document, document.components?.schemas?.[name] ?? {}))
    .flatMap((form) =>
      discriminatorValues(document, form, "msgtype").map(
        (msgtype) => `${JSON.stringify(msgtype)}: ${schemaType(componentName(form.$ref))};`,
      ),
    );
}

function isMessageUnion(document: OpenApiDocument, component: string): boolean {
  return messageForms(document, document.components?.schemas?.[component] ?? {}).length > 0;
}

/**
 * The forms that `msgtype` tells apart; their union may stand in an `anyOf`, beside what lets unknown messages through.
 */
function messageForms(document: OpenApiDocument, written: Schema): (Schema & { $ref: string })[] {
  const schema = resolve<Schema>(document, written);
  if (schema.discriminator?.propertyName !== "msgtype")
    return (schema.anyOf ?? []).flatMap((branch) => messageForms(document, branch));
  return (schema.oneOf ?? []).filter((form) => form.$ref !== undefined) as (Schema & { $ref: string })[]; // just filtered
}

function table(events: readonly EventType[]): Record<string, EventType["descriptor"]> {
  return Object.fromEntries(events.map(({ type, descriptor }) => [type, descriptor]));
}

/** A type with a free ending stands for all that begin like it. */
function typeKey(type: string): string {
  const start = /^(?<start>.+\.)\{\w+\}$/.exec(type)?.groups?.["start"];
  return start === undefined ? JSON.stringify(type) : `[type: \`${start}\${string}\`]`;
}

function schemaType(name: string): string {
  return `Schemas[${JSON.stringify(name)}]`;
}

function union(member: (kind: Kind) => string): string {
  return `\n  | ${kinds.map(member).join("\n  | ")}`;
}

function block(rows: readonly string[]): string {
  return rows.length === 0 ? "{}" : `{\n${rows.map((row) => `  ${row}\n`).join("")}}`;
}
