import type { Document } from "./openapi.ts";
import { reachable } from "./reachable.ts";
import type { Reference } from "./reference.ts";

/** A schema that neither a request nor the content of an event shows as such. */
export interface Format {
  readonly name: string;
  readonly document: Document;
}

// What events come in; operations show them, too, but this is where one looks for all of them.
const envelopeNames = [
  "ClientEvent",
  "ClientEventWithoutRoomId",
  "StateEvent",
  "StateEventWithoutRoomId",
  "StrippedStateEvent",
  "PresenceEvent",
  "ToDeviceEvent",
  "Event",
];

/** The forms that whole events have. */
export function envelopes({ events: { document } }: Pick<Reference, "events">): readonly Format[] {
  return envelopeNames.filter((name) => name in document.components.schemas).map((name) => ({ name, document }));
}

/** What is encrypted, exported or sent elsewhere, so that no operation and no event mentions it. */
export function standalone({ apis, events }: Pick<Reference, "apis" | "events">): readonly Format[] {
  const documents = [...apis.map(({ document }) => document), events.document];
  const used = new Set(documents.flatMap((document) => [...reachable(document, starts(document))]));
  const unused = documents.flatMap((document) =>
    Object.keys(document.components.schemas)
      .filter((name) => !used.has(name) && !name.startsWith("M_"))
      .map((name) => ({ name, document })),
  );
  const inner = new Set(
    unused.flatMap(({ name, document }) => [...reachable(document, document.components.schemas[name])]),
  );
  return [...new Map(unused.filter(({ name }) => !inner.has(name)).map((format) => [format.name, format])).values()];
}

function starts(document: Document): unknown {
  const contents = Object.entries(document.components.schemas).filter(
    ([name, schema]) => schema["x-matrix-event-type"] !== undefined || envelopeNames.includes(name),
  );
  return [document.paths, contents.map(([name]) => ({ $ref: `#/components/schemas/${name}` }))];
}

/** The address of a format: its place on the page of all of them. */
export function formatHref(name: string): string {
  return `/formats/#${name}`;
}
