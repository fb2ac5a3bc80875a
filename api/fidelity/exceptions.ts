import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { type Difference, type Kind, type Subject, subjects } from "./difference.ts";

/** A difference that is meant, and why. */
export interface Exception {
  readonly where: string | readonly string[];
  readonly at: string | readonly string[];
  readonly kind: Kind | readonly Kind[];
  readonly upstream: string;
  readonly ours: string;
  readonly why: string;
}

export type Exceptions = Readonly<Record<Subject, readonly Exception[]>>;

export interface Checked {
  /** What no exception explains. */
  readonly unexplained: readonly Difference[];
  /** What explains nothing (any more). */
  readonly unused: readonly string[];
}

const words = ["upstream", "ours", "why"] as const;

/** Throws on an entry that could not be matched, so that a misspelt key is not a hole. */
export function readExceptions(file: string): Exceptions {
  const listed: Partial<Record<string, Exception[] | null>> = parse(readFileSync(file, "utf8"));
  const faults = Object.keys(listed)
    .filter((subject) => !subjects.some((known) => known === subject))
    .map((subject) => `"${subject}" is none of ${subjects.join(", ")}`);
  const entries = subjects.map((subject) => [subject, listed[subject] ?? []] as const);
  for (const [subject, list] of entries) faults.push(...list.flatMap((entry) => faultsOf(subject, entry)));
  if (faults.length > 0) throw new Error(`${file}:\n${faults.join("\n")}`);
  return Object.fromEntries(entries) as Record<Subject, Exception[]>; // entries has every subject
}

/**
 * Takes the explained differences away. An exception is unused if one of its `where`, `at` or `kind` matches nothing.
 */
export function checkExceptions(differences: readonly Difference[], exceptions: Exceptions): Checked {
  const unexplained = differences.filter(
    (difference) => !exceptions[difference.api].some((exception) => matches(exception, difference)),
  );
  const unused = subjects.flatMap((subject) => {
    const own = differences.filter(({ api }) => api === subject);
    return exceptions[subject].flatMap((exception) => {
      const hits = own.filter((difference) => matches(exception, difference));
      if (hits.length === 0) return [`${subject}: the exception for ${name(exception)} matches no difference`];
      return (["where", "at", "kind"] as const).flatMap((key) =>
        [exception[key]]
          .flat()
          .filter((value) => !hits.some((hit) => glob(value).test(hit[key])))
          .map((value) => `${subject}: ${key} ${value} of the exception for ${name(exception)} matches no difference`),
      );
    });
  });
  return { unexplained, unused };
}

function matches({ where, at, kind }: Exception, difference: Difference): boolean {
  const some = (patterns: string | readonly string[], text: string) =>
    [patterns].flat().some((pattern) => glob(pattern).test(text));
  return some(where, difference.where) && some(at, difference.at) && [kind].flat().includes(difference.kind);
}

/** `*` stands for any text, dots included. */
function glob(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`);
}

function faultsOf(subject: Subject, entry: Exception): string[] {
  const known = new Set<string>(["where", "at", "kind", ...words]);
  const lost = [...known].filter((key) => !Object.hasOwn(entry, key));
  const more = Object.keys(entry).filter((key) => !known.has(key));
  const wide = entry.at === "*" && [entry.where].flat().some((where) => where.includes("*"));
  return [
    ...lost.map((key) => `${subject}: the exception for ${name(entry)} has no ${key}`),
    ...more.map((key) => `${subject}: the exception for ${name(entry)} has the unknown key ${key}`),
    ...(wide ? [`${subject}: the exception for ${name(entry)} hides everything; name the places`] : []),
  ];
}

function name({ where, at }: Exception): string {
  return `${[where].flat().join(", ")} at ${[at].flat().join(", ")}`;
}
