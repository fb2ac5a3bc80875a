import type { Options } from "minisearch";
import type { OperationDescriptor } from "@matrix-openapi/definitions";
import { releaseName } from "./changelog.ts";
import type { DocumentedEvent } from "./events.ts";
import { kindTitles } from "./events.ts";
import { envelopes, formatHref, standalone } from "./formats.ts";
import type { Page } from "./layout.ts";
import { plainText } from "./markdown.ts";
import type { Reference } from "./reference.ts";
import { markOf, variantsOf } from "./schema-shape.ts";

/** One page, or a place on it, as the search in the browser knows it. */
interface SearchEntry {
  readonly id: string;
  readonly title: string;
  /** What programs call it, where its title is something else: the operationId. */
  readonly name: string;
  /** What is found besides: path, tag, error codes, description. */
  readonly terms: string;
  /** What is shown below the title. */
  readonly subtitle: string;
}

/** What the browser loads to search by: every page, with the names that people look for, and how to rank them. */
export interface SearchIndex {
  readonly options: Options<SearchEntry>;
  readonly entries: readonly SearchEntry[];
}

/** Makes the index of all pages. */
export function searchIndex(pages: readonly Page[], reference: Reference): SearchIndex {
  return { options, entries: entriesOf(pages, reference) };
}

const options: Options<SearchEntry> = {
  fields: ["name", "title", "terms"],
  storeFields: ["title", "subtitle"],
  searchOptions: { boost: { name: 3, title: 2 }, prefix: true, fuzzy: 0.2, combineWith: "AND" },
};

function entriesOf(pages: readonly Page[], reference: Reference): readonly SearchEntry[] {
  const operations = new Map(
    reference.apis.flatMap((api) => api.operations).map((operation) => [operation.href, operation.descriptor]),
  );
  const events = new Map(reference.events.events.map((event) => [event.href, event]));
  const entries = pages.map((page) => {
    const descriptor = operations.get(page.href);
    return descriptor === undefined ? pageEntry(page, events.get(page.href)) : operationEntry(page, descriptor);
  });
  const places = [
    ...reference.events.events.flatMap((event) => formEntries(event, reference)),
    ...[...envelopes(reference), ...standalone(reference)].map(({ name }) =>
      place(formatHref(name), name, "Format", words(name)),
    ),
    ...reference.changelog.releases.map(({ version }) =>
      place(`/changes/#${releaseName(version)}`, `Changes in ${releaseName(version)}`, "Changes by version", version),
    ),
  ];
  return [...entries, ...places];
}

function operationEntry({ href, title }: Page, descriptor: OperationDescriptor): SearchEntry {
  const { operationId, method, path } = descriptor;
  return { id: href, title, name: operationId, terms: operationTerms(descriptor), subtitle: `${method} ${path}` };
}

function pageEntry({ href, title, description }: Page, event: DocumentedEvent | undefined): SearchEntry {
  const subtitle = event === undefined ? "" : event.kinds.map((kind) => kindTitles[kind]).join(", ");
  return { id: href, title, name: "", terms: plainText(description), subtitle };
}

/** The forms of a content, such as `m.image`, which have places of their own on its type's page. */
function formEntries(event: DocumentedEvent, { events: { document } }: Reference): readonly SearchEntry[] {
  return variantsOf(document, event.schema).flatMap((variant) => {
    const mark = markOf(document, variant);
    if (mark?.is !== "equal") return [];
    const value = String(mark.value);
    return { ...place(`${event.href}#${value}`, value, `${mark.field} of ${event.type}`, event.type), name: value };
  });
}

function place(id: string, title: string, subtitle: string, terms: string): SearchEntry {
  return { id, title, name: "", terms, subtitle };
}

function operationTerms({ operationId, path, tag, errcodes }: OperationDescriptor): string {
  return [words(operationId), path.replaceAll(/[/{}_]/g, " "), path, tag, ...Object.values(errcodes).flat()].join(" ");
}

/** The words of a name in camel case. */
function words(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2");
}
