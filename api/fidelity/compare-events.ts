import { branchesOf } from "./branches.ts";
import type { Comparison } from "./compare-api.ts";
import { compareSchemas } from "./compare-schemas.ts";
import { type Components, eventSchemas, type EventSchema } from "./components.ts";
import { constantOf } from "./constant-of.ts";
import type { Finding } from "./difference.ts";
import { type EventFacts, readFacts } from "./facts.ts";
import type { Follow, Schema } from "./schema.ts";
import { type Source, UnreadableError } from "./source.ts";

/** The content of every event type that `wanted` lets through, its kinds and its state-key rule. */
export function compareEvents(
  source: Source,
  root: string,
  components: Components,
  wanted: (type: string) => boolean,
): Comparison {
  const facts = readFacts("events");
  const ours = eventSchemas(root, source);
  const byType = Map.groupBy([...facts.events, ...facts.proseOnlyEvents], ({ type }) => type);
  const types = [...byType.keys()].filter(wanted);
  const differences = types.flatMap((type) =>
    readable(type, () => {
      const schema = ours.get(type);
      if (!schema) return [{ at: "", kind: "undescribed", upstream: "an event", ours: "absent" }];
      return compareEvent(byType.get(type) ?? [], schema, source.follow, components);
    }).map((finding) => ({ api: "events" as const, where: type, ...finding })),
  );
  const unknown = [...ours.keys()].filter((type) => !byType.has(type) && wanted(type));
  return {
    compared: types.length,
    differences: [
      ...differences,
      ...unknown.map((where) => ({
        api: "events" as const,
        where,
        at: "",
        kind: "extra" as const,
        upstream: "absent",
        ours: "an event",
      })),
    ],
  };
}

function compareEvent(
  facts: readonly EventFacts[],
  ours: EventSchema,
  follow: Follow,
  components: Components,
): Finding[] {
  const [first] = facts;
  if (!first) return [];
  const branches = branchesOf(ours, follow);
  const variants = facts.filter(({ variant }) => variant !== undefined);
  return [
    ...compareTraits(first, follow(ours)),
    ...facts.flatMap((fact) => compareContent(fact, branches, follow, variants.length > 0)),
    ...unknownVariants(variants, branches, follow),
    ...compareTopLevel(first, follow, components),
  ];
}

function* compareTraits(facts: EventFacts, ours: EventSchema): Iterable<Finding> {
  const kinds = [ours["x-matrix-event-kind"] ?? []].flat();
  const traits: [at: string, upstream: string, ours: string][] = [
    ["kinds", facts.kinds.toSorted().join(", "), kinds.toSorted().join(", ")],
    ["stateKey", facts.stateKey?.rule ?? "none", ours["x-matrix-state-key"] ?? "none"],
  ];
  for (const [at, upstream, mine] of traits) {
    if (upstream !== mine) yield { at, kind: "value", upstream, ours: mine };
  }
}

/** Fields that any content may have, according to facts/README.md. */
const anywhere = ["m.relates_to", "m.mentions", "m.new_content"];

function compareContent(facts: EventFacts, branches: readonly Schema[], follow: Follow, varies: boolean): Finding[] {
  const [variant] = Object.entries(facts.variant ?? {});
  const ours = variant ? branches.filter((branch) => constantOf(branch, variant[0], follow) === variant[1]) : branches;
  const at = variant ? `content(${variant[1]})` : "content";
  if (ours.length === 0) return [{ at, kind: "missing", upstream: "a form of the content", ours: "absent" }];
  const { addedIn, changedIn, content } = facts;
  const fact = { ...content, ...(addedIn ? { addedIn } : {}), ...(changedIn ? { changedIn } : {}) };
  const findings = compareSchemas(fact, ours, { at, follow });
  // What upstream says of all forms of a content says little about the forms that are known.
  if (varies && !variant) return findings.filter(({ kind }) => kind === "missing" || kind === "type");
  const expected = anywhere.map((name) => `${at}.${name}`);
  return findings.filter((finding) => finding.kind !== "extra" || !expected.includes(finding.at));
}

function* unknownVariants(
  variants: readonly EventFacts[],
  branches: readonly Schema[],
  follow: Follow,
): Iterable<Finding> {
  const known = variants.flatMap(({ variant }) => Object.entries(variant ?? {}));
  const [key] = known[0] ?? [];
  for (const branch of key === undefined ? [] : branches) {
    const value = constantOf(branch, key ?? "", follow);
    if (value === undefined || known.some(([, upstream]) => upstream === value)) continue;
    yield { at: `content(${String(value)})`, kind: "extra", upstream: "absent", ours: "a form of the content" };
  }
}

/** What stands beside the content of one type only is described in the envelope of all of its kind. */
function compareTopLevel(facts: EventFacts, follow: Follow, components: Components): Finding[] {
  if (!facts.topLevel) return [];
  const envelope = components.find(envelopes[facts.kinds[0] ?? ""] ?? "ClientEvent");
  const fact: Schema = { type: "object", properties: facts.topLevel };
  return compareSchemas(fact, envelope ? [envelope] : [], { at: "", follow, ignoreExtra: true }).filter(
    ({ kind }) => kind === "missing" || kind === "type" || kind === "version",
  );
}

const envelopes: Readonly<Record<string, string>> = { presence: "PresenceEvent", state: "StateEvent" };

function readable(what: string, compare: () => Finding[]): Finding[] {
  try {
    return compare();
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    return [{ at: "", kind: "unreadable", upstream: what, ours: error.message }];
  }
}
