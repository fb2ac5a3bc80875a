import type { CarryReport } from "./carry-facts.ts";
import type { Difference } from "./diff-facts.ts";
import type { Facts } from "./extract-facts.ts";
import { isObject, itemsOf, type JsonObject } from "./json.ts";
import { placeText, tailOf } from "./place-text.ts";

/** What the drift command has found. */
export interface Drift {
  /** The releases compared, such as `v1.19`. */
  readonly ours: string;
  readonly upstream: string;
  readonly differences: readonly Difference[];
  readonly carried: readonly CarryReport[];
}

/** The report for people: thing by thing, then what recurs, then what no program can tell. */
export function printDrift(drift: Drift, names: OperationNames): string {
  const shown = drift.differences.filter(({ at }) => !isBookkeeping(at));
  const { repeated, single } = gatherRepeated(shown);
  const sections = topics.flatMap((topic) => printTopic(topic, single, names));
  const count = shown.length === 0 ? "nothing differs" : `${shown.length} facts differ`;
  return [
    `matrix-spec ${drift.upstream} beside our facts of ${drift.ours}: ${count}.`,
    ...sections,
    ...printRepeated(repeated),
    ...printCarried(drift),
    "",
  ].join("\n");
}

/** Method and path of each operation of either side, by operationId. */
export type OperationNames = ReadonlyMap<string, string>;

/** Collects them; upstream's word counts. */
export function operationNames(...sides: readonly Facts[]): OperationNames {
  const operations = sides.flatMap((facts) => [
    ...itemsOf(facts["client-server"]["operations"]),
    ...itemsOf(facts.identity["operations"]),
  ]) as JsonObject[]; // as the facts have them
  return new Map(
    operations.map(({ operationId, method, path }) => [String(operationId), `${String(method)} ${String(path)}`]),
  );
}

interface Topic {
  readonly title: string;
  readonly at: readonly string[];
}

const topics: readonly Topic[] = [
  { title: "Client-Server API", at: ["client-server", "operations"] },
  { title: "Identity Service API", at: ["identity", "operations"] },
  { title: "Events", at: ["events", "events"] },
  { title: "Event formats", at: ["events", "formats"] },
  { title: "Message types", at: ["events", "msgtypes"] },
  { title: "Definitions", at: ["client-server", "definitions"] },
  { title: "Definitions of events", at: ["events", "definitions"] },
  { title: "Error codes", at: ["errcodes", "errcodes"] },
  { title: "User-interactive authentication", at: ["uia"] },
];

/** Counts and versions follow from the rest. */
function isBookkeeping([file, field]: readonly string[]): boolean {
  return ["version", "counts", "count", "tags"].includes(field ?? "") || (file === "uia" && field === "operations");
}

function printTopic({ title, at }: Topic, differences: readonly Difference[], names: OperationNames): string[] {
  const own = differences.filter((difference) => at.every((name, index) => difference.at[index] === name));
  if (own.length === 0) return [];
  const byThing = Map.groupBy(own, (difference) => difference.at[at.length] ?? "");
  const lines = [...byThing].flatMap(([thing, changes]) => {
    const label = names.has(thing) ? `${names.get(thing)} (${thing})` : thing;
    const [first] = changes;
    if (first?.at.length === at.length + 1)
      return [`  ${sign(first)} ${label}${isKindless(first) ? ", whose kind only the text tells" : ""}`];
    return [`  ~ ${label}`, ...changes.map((change) => `      ${describe(change, change.at.slice(at.length + 1))}`)];
  });
  return ["", title, ...lines];
}

function describe(difference: Difference, at: readonly string[]): string {
  return `${placeText(at)}: ${describeChange(difference)}`;
}

function sign({ ours, upstream }: Difference): "+" | "-" | "~" {
  return ours === undefined ? "+" : upstream === undefined ? "-" : "~";
}

/** A new event that is neither a state event nor a message by its schema. */
function isKindless({ ours, upstream }: Difference): boolean {
  return ours === undefined && isObject(upstream) && itemsOf(upstream["kinds"] ?? [""]).length === 0;
}

function describeChange({ ours, upstream }: Difference): string {
  if (ours === undefined) return `added ${brief(upstream)}`;
  if (upstream === undefined) return `removed (was ${brief(ours)})`;
  if (!Array.isArray(ours) || !Array.isArray(upstream)) return `${brief(ours)} → ${brief(upstream)}`;
  const isIn = (list: readonly unknown[], item: unknown): boolean => list.includes(item);
  const added = itemsOf(upstream)
    .filter((item) => !isIn(ours, item))
    .map((item) => `+${brief(item)}`);
  const removed = itemsOf(ours)
    .filter((item) => !isIn(upstream, item))
    .map((item) => `-${brief(item)}`);
  return [...added, ...removed].join(" ") || "another order";
}

function brief(value: unknown): string {
  const text = JSON.stringify(value);
  if (text.length <= 100) return text;
  const keys = isObject(value) && isObject(value["properties"]) ? Object.keys(value["properties"]) : undefined;
  return keys === undefined ? `${text.slice(0, 99)}…` : `an object of ${keys.join(", ")}`;
}

interface Repeated {
  readonly tail: string;
  readonly places: readonly Difference[];
}

/** A shared schema shows the same change wherever it is used; from four places on it is told once. */
function gatherRepeated(differences: readonly Difference[]): {
  readonly repeated: readonly Repeated[];
  readonly single: readonly Difference[];
} {
  const groups = Map.groupBy(differences, (difference) =>
    JSON.stringify([tailOf(difference.at) ?? difference.at, difference.ours, difference.upstream]),
  );
  const all = [...groups.values()];
  return {
    repeated: all
      .filter((places) => places.length >= 4)
      .map((places) => ({ tail: tailOf(places[0]?.at ?? []) ?? "", places })),
    single: all.filter((places) => places.length < 4).flat(),
  };
}

function printRepeated(repeated: readonly Repeated[]): string[] {
  if (repeated.length === 0) return [];
  const lines = repeated.flatMap(({ tail, places }) => {
    const [first] = places;
    if (first === undefined) return [];
    const things = [...new Set(places.map(({ at }) => at[2] ?? ""))];
    const more = things.length > 6 ? ` and ${things.length - 6} more` : "";
    return [
      `  ~ ${tail}: ${describeChange(first)}`,
      `      ${places.length} places, in ${things.slice(0, 6).join(", ")}${more}`,
    ];
  });
  return ["", "The same in many places", ...lines];
}

function printCarried({ carried, upstream }: Drift): string[] {
  const byReason = Map.groupBy(
    carried.filter((fact) => fact.taken > 0),
    ({ why }) => why,
  );
  const changed = carried.filter((fact) => fact.changed.length > 0);
  return [
    "",
    `Not extracted but taken over from our facts; read the changelog for them (content/changelog/${upstream}.md):`,
    ...[...byReason].flatMap(([why, facts]) => [
      `  ${why}`,
      ...facts.map(({ at, taken }) => `      ${at.join(" > ")}${taken > 1 ? ` (${taken} values)` : ""}`),
    ]),
    ...(changed.length === 0
      ? []
      : ["", "Corrected by us, but upstream says something else now; look whether our correction still holds:"]),
    ...changed.flatMap((fact) =>
      fact.changed.map(
        (value) => `  ${fact.at.join(" > ")}: ${brief(fact.was)} → ${value === undefined ? "nothing" : brief(value)}`,
      ),
    ),
  ];
}
