import { readFileSync } from "node:fs";
import type { EventKind, StateKeyRule } from "@matrix-openapi/definitions";
import type { Document, Schema } from "./openapi.ts";

/** The contents of all events, as the bundle describes them. */
export interface EventReference {
  readonly document: Document;
  readonly events: readonly DocumentedEvent[];
}

export interface DocumentedEvent {
  /** As it stands in events; a free ending is written in braces. */
  readonly type: string;
  /** The name of the schema of its content, and the last segment of its page's address. */
  readonly name: string;
  readonly schema: Schema;
  readonly kinds: readonly EventKind[];
  /** Undefined for what is never a state event. */
  readonly stateKey: StateKeyRule | undefined;
  readonly href: string;
  /** Its place in the specification. */
  readonly specification: string;
}

/** What the kinds of events are called, in the order in which the overview shows them. */
export const kindTitles: Readonly<Record<EventKind, string>> = {
  state: "State events",
  message: "Message events",
  ephemeral: "Ephemeral events",
  presence: "Presence",
  account_data: "Account data",
  room_account_data: "Account data of rooms",
  to_device: "To-device events",
};

/** Reads the event types from the generated bundle. */
export function readEvents(): EventReference {
  const file = new URL(import.meta.resolve("@matrix-openapi/definitions/openapi/events.json"));
  const document = JSON.parse(readFileSync(file, "utf8")) as Document; // written by the generator from a linted source
  const root = `https://spec.matrix.org/v${document.info.version}/client-server-api/`;
  const events = Object.entries(document.components.schemas).flatMap(([name, schema]) => {
    const type = schema["x-matrix-event-type"];
    const kind = schema["x-matrix-event-kind"];
    if (type === undefined || kind === undefined) return [];
    return {
      type,
      name,
      schema,
      kinds: [kind].flat(),
      stateKey: schema["x-matrix-state-key"],
      href: eventHref(name),
      specification: root + specificationAnchor(type),
    };
  });
  return { document, events: events.toSorted((one, other) => (one.type < other.type ? -1 : 1)) };
}

/** The address of an event type's page, by the name of its content's schema. */
export function eventHref(name: string): string {
  return `/events/${name}/`;
}

// The types that the specification defines in its text alone have no heading of their own.
const inText: Readonly<Record<string, string>> = {
  "m.cross_signing.": "#cross-signing",
  "m.megolm_backup.": "#server-side-key-backups",
  "m.secret_storage.": "#key-storage",
};

/** The site makes anchors of event types as of any heading: dots are left out. */
function specificationAnchor(type: string): string {
  const prefix = Object.keys(inText).find((start) => type.startsWith(start));
  return (prefix === undefined ? undefined : inText[prefix]) ?? `#${type.replaceAll(".", "")}`;
}
