import type { Report, RuleResult } from "@matrix-openapi/contract";

/** What somebody found who read the specification after a rule had failed. */
export interface Verdict {
  /** What the server did, in words. */
  readonly answered: string;
  /** What the text says, in words of ours. */
  readonly text: string;
  /** Where it says so; the place that the rule names unless given. */
  readonly place?: string;
  /** Who is right, and what it means for clients. */
  readonly verdict: string;
}

/** By the rule's ID. */
export type Verdicts = Readonly<Record<string, Verdict>>;

/** What a report has to tell about: failed rules, and those that the server's wrong answers kept from being judged. */
export function findingsOf({ results }: Report): readonly RuleResult[] {
  return results.filter(({ outcome }) => ["fail", "blocked", "error"].includes(outcome.result));
}

/** Findings that nobody has read up on yet, and verdicts on what is no longer found: each has to be looked into. */
export function openQuestions(report: Report, verdicts: Verdicts): readonly string[] {
  const findings = findingsOf(report);
  const found = new Set(findings.map(({ id }) => id));
  return [
    ...findings
      .filter(({ id }) => !(id in verdicts))
      .map(({ id, title, specUrl }) => `${id} (${title}) is found, but has no verdict: read ${specUrl} and write one`),
    ...Object.keys(verdicts)
      .filter((id) => !found.has(id))
      .map((id) => `${id} has a verdict, but is not found any more: take it away`),
  ];
}
