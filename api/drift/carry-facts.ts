import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import { isObject, type JsonObject } from "./json.ts";
import { keyedFacts, listedFacts } from "./keyed-facts.ts";

/** Facts that cannot be extracted and are taken over from ours. */
export interface CarriedFact {
  readonly why: string;
  /** Where they stand; `*` is any name. */
  readonly at: readonly string[];
  /** What upstream's data says instead; ours is taken only while it says exactly this. */
  readonly was?: unknown;
}

/** What became of one carried fact: how many values were taken over, and what stands in its way. */
export interface CarryReport extends CarriedFact {
  readonly taken: number;
  /** Upstream's values where they are no longer what `was` says. */
  readonly changed: readonly unknown[];
}

/** The facts that are carried. */
export function carriedFacts(): readonly CarriedFact[] {
  return parse(readFileSync(new URL("carried-facts.yaml", import.meta.url), "utf8")) as CarriedFact[]; // a file of ours, in this shape
}

/** Upstream's facts, keyed, with ours where upstream's cannot be extracted. Only existing things are added to. */
export function carryFacts(
  upstream: JsonObject,
  ours: JsonObject,
  facts: readonly CarriedFact[],
): { readonly facts: JsonObject; readonly reports: readonly CarryReport[] } {
  const result = keyedFacts(listedFacts(upstream)) as JsonObject; // a deep copy: what it was
  const reports = facts.map((fact) => {
    const changed: unknown[] = [];
    let taken = 0;
    for (const { parent, source, name } of placesOf(result, ours, fact.at)) {
      const before = parent[name];
      if (isDeepStrictEqual(before, source[name])) continue;
      if ("was" in fact && !isDeepStrictEqual(listedFacts(before), fact.was)) {
        changed.push(listedFacts(before));
        continue;
      }
      if (source[name] === undefined) delete parent[name];
      else parent[name] = source[name];
      taken++;
    }
    return { ...fact, taken, changed };
  });
  return { facts: result, reports };
}

interface Place {
  readonly parent: JsonObject;
  readonly source: JsonObject;
  readonly name: string;
}

/** Every place that the path leads to on both sides; its last name may be missing on either. */
function placesOf(parent: unknown, source: unknown, [name, ...rest]: readonly string[]): Place[] {
  if (name === undefined || !isObject(parent) || !isObject(source)) return [];
  const names = name === "*" ? Object.keys(parent) : [name];
  return names.flatMap((step) =>
    rest.length === 0 ? [{ parent, source, name: step }] : placesOf(parent[step], source[step], rest),
  );
}
