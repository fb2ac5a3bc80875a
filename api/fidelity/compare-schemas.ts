import { branchesOf } from "./branches.ts";
import type { Finding } from "./difference.ts";
import type { Follow, Schema } from "./schema.ts";
import { compareVersions, laterOf } from "./versions.ts";
import { viewOf, type View } from "./view.ts";

/** Where in the facts a schema stands, and what holds there. */
export interface Place {
  readonly at: string;
  readonly follow: Follow;
  /** Since when there is what the schema stands in: a version up to that one says nothing. */
  readonly since?: string | undefined;
  /** Fields of ours that the facts do not have are no finding here. */
  readonly ignoreExtra?: boolean;
}

/**
 * Compares one schema of the facts with ours. It goes down where the facts go, so it ends even where our schemas refer
 * to themselves, and what is open there may be anything here.
 */
export function compareSchemas(fact: Schema | readonly Schema[], ours: readonly Schema[], place: Place): Finding[] {
  const theirs = viewOf([fact].flat().flatMap((schema) => branchesOf(schema, (node) => node)));
  const own = viewOf(ours.flatMap((schema) => branchesOf(schema, place.follow)));
  const finding = (kind: Finding["kind"], upstream: unknown, mine: unknown): Finding => ({
    at: place.at,
    kind,
    upstream: print(upstream),
    ours: print(mine),
  });
  const findings = [...compareVersionsOf(theirs, own, place.since, finding)];
  if (theirs.deprecated !== own.deprecated) {
    findings.push(finding("value", deprecation(theirs), deprecation(own)));
  }
  if (theirs.types === undefined) return findings;
  const since = laterOf(place.since, theirs.addedIn);
  return [
    ...findings,
    ...compareTypes(theirs, own, finding),
    ...compareValues(theirs, own, finding),
    ...compareConstraints(theirs, own, finding),
    ...compareFields(theirs, own, { ...place, since }),
    ...compareParts(theirs, own, { ...place, since }),
  ];
}

type Report = (kind: Finding["kind"], upstream: unknown, ours: unknown) => Finding;

function* compareVersionsOf(theirs: View, own: View, since: string | undefined, finding: Report): Iterable<Finding> {
  const [upstream, ours] = [laterOf(since, theirs.addedIn), laterOf(since, own.addedIn)];
  if (upstream !== ours) yield finding("version", added(upstream, since), added(ours, since));
  const news = ({ changedIn }: View) =>
    changedIn.filter((version) => upstream === undefined || compareVersions(version, upstream) > 0);
  const [changed, changedHere] = [news(theirs).join(", "), news(own).join(", ")];
  if (changed !== changedHere) {
    yield finding("version", `changedIn ${changed || "absent"}`, `changedIn ${changedHere || "absent"}`);
  }
}

function* compareTypes(theirs: View, own: View, finding: Report): Iterable<Finding> {
  const upstream = [...(theirs.types ?? [])];
  const ours = [...(own.types ?? ["any"])];
  const fits = (type: string, types: string[]) =>
    types.includes(type) || (type === "integer" && types.includes("number"));
  const covered = (type: string) => ours.includes(type) || (type === "number" && ours.includes("integer"));
  if (!ours.every((type) => fits(type, upstream)) || !upstream.every(covered)) {
    yield finding("type", upstream.toSorted().join(" | "), ours.toSorted().join(" | "));
  }
}

function* compareValues(theirs: View, own: View, finding: Report): Iterable<Finding> {
  if (theirs.values && !theirs.open) {
    const lost = [...theirs.values].filter((value) => !own.values?.has(value));
    const more = [...(own.values ?? [])].filter((value) => !theirs.values?.has(value));
    if (lost.length > 0) yield finding("enum", lost, own.values ? "without" : "no enum");
    if (more.length > 0) yield finding("enum", "without", more);
  }
  if (JSON.stringify(theirs.default) !== JSON.stringify(own.default)) {
    yield finding("default", theirs.default, own.default);
  }
}

/** What may stand for a format of the facts, being more precise. */
const refined: Readonly<Record<string, readonly string[]>> = { uri: ["mx-mxc-uri"] };

const bounds = [
  "maxLength",
  "minLength",
  "maxItems",
  "minItems",
  "maxProperties",
  "minProperties",
  "maximum",
  "minimum",
] as const;

function* compareConstraints(theirs: View, own: View, finding: Report): Iterable<Finding> {
  const lost = [...theirs.formats].filter(
    (format) => ![format, ...(refined[format] ?? [])].some((one) => own.formats.has(one)),
  );
  // Two identifiers in one place are one pattern.
  const unitedHere = theirs.formats.size > 1 && own.hasPattern;
  // Every number of JavaScript is a float.
  if (lost.length > 0 && !unitedHere && !lost.includes("float"))
    yield finding("format", lost.join(", "), [...own.formats].join(", ") || "absent");
  const precise = own.hasPattern || own.formats.size > 0 || own.values !== undefined;
  if (theirs.hasPattern && !precise) yield finding("format", "a pattern", "absent");
  for (const bound of bounds) {
    const [upstream, ours] = [theirs, own].map(
      ({ branches }) => branches.find((branch) => branch[bound] !== undefined)?.[bound],
    );
    if (upstream !== undefined && upstream !== ours)
      yield finding("bounds", `${bound} ${upstream}`, `${bound} ${print(ours)}`);
  }
}

function* compareFields(theirs: View, own: View, place: Place): Iterable<Finding> {
  const sometimes = new Set(theirs.branches.flatMap(({ requiredSometimes }) => requiredSometimes ?? []));
  for (const [name, schemas] of theirs.fields) {
    const at = join(place.at, name);
    const ours = own.fields.get(name);
    if (!ours) {
      yield { at, kind: "missing", upstream: summary(schemas), ours: "absent" };
      continue;
    }
    const [required, requiredHere] = [theirs.required.has(name), own.required.has(name)];
    if (required !== requiredHere && !sometimes.has(name)) {
      yield { at, kind: "required", upstream: need(required), ours: need(requiredHere) };
    }
    yield* compareSchemas(schemas, ours, { ...place, at });
  }
  const known = theirs.fields.size > 0 && !isOpen(theirs) && !place.ignoreExtra;
  for (const [name, schemas] of known ? own.fields : []) {
    if (theirs.fields.has(name)) continue;
    const shown = schemas.flatMap((schema) => branchesOf(schema, place.follow));
    yield { at: join(place.at, name), kind: "extra", upstream: "absent", ours: summary(shown) };
  }
  for (const group of theirs.branches.flatMap(({ requiredOneOf }) => requiredOneOf ?? [])) {
    if (own.branches.every(({ required }) => group.some((name) => required?.includes(name)))) continue;
    yield { at: place.at, kind: "required", upstream: `one of ${group.join(", ")}`, ours: "none of them" };
  }
}

/** The items of arrays and the keys and values of maps. */
function* compareParts(theirs: View, own: View, place: Place): Iterable<Finding> {
  if (theirs.items.length > 0) {
    const at = join(place.at, "[]");
    if (own.items.length > 0) yield* compareSchemas(theirs.items, own.items, { ...place, at });
    else if (own.types?.has("array")) yield { at, kind: "missing", upstream: summary(theirs.items), ours: "absent" };
  }
  if (theirs.mapValues.length > 0) {
    const at = join(place.at, "{}");
    if (own.mapValues.length > 0) yield* compareSchemas(theirs.mapValues, own.mapValues, { ...place, at });
    else yield { at, kind: "missing", upstream: summary(theirs.mapValues), ours: "absent" };
    if (theirs.keyed && own.mapValues.length > 0 && !own.keyed) {
      yield { at, kind: "format", upstream: "keys are described", ours: "absent" };
    }
  }
}

/** `additionalProperties: {}` of the facts says that there may be more, and a typed map names no key at all. */
function isOpen({ branches, mapValues }: View): boolean {
  return mapValues.length > 0 || branches.some(({ additionalProperties }) => typeof additionalProperties === "object");
}

function added(version: string | undefined, since: string | undefined): string {
  return `addedIn ${version === since ? "absent" : version}`;
}

function deprecation({ deprecated }: View): string {
  return deprecated ? "deprecated" : "not deprecated";
}

function join(at: string, name: string): string {
  return at === "" ? name : `${at}.${name}`;
}

function need(required: boolean): string {
  return required ? "required" : "optional";
}

function summary(schemas: readonly Schema[]): string {
  const types = new Set(schemas.flatMap(({ type, properties }) => type ?? (properties ? "object" : "any")));
  const version = schemas[0]?.addedIn;
  return [...types].join(" | ") + (version === undefined ? "" : ` (addedIn ${version})`);
}

function print(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined ? "absent" : JSON.stringify(value);
}
