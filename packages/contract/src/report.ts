import type { ShownExchange } from "./exchange.ts";
import type { Level, Rule } from "./rule.ts";
import type { Walked } from "./walk/walk.ts";

export type RuleOutcome =
  | { readonly result: "pass"; readonly note?: string }
  | {
      readonly result: "fail";
      readonly expected: string;
      readonly found: string;
      readonly exchange: ShownExchange | null;
    }
  | { readonly result: "skip"; readonly reason: string }
  /** The rule was not judged: the server answered a step on the way to it wrongly. */
  | { readonly result: "blocked"; readonly reason: string; readonly exchange: ShownExchange | null }
  /** The check itself is broken: a defect of this tool. */
  | { readonly result: "error"; readonly message: string }
  | { readonly result: "untestable"; readonly reason: string };

export interface RuleResult {
  readonly id: string;
  readonly section: string;
  readonly title: string;
  readonly level: Level;
  readonly specUrl: string;
  readonly reason: string;
  readonly outcome: RuleOutcome;
}

/** The whole result of a run: plain JSON with no secrets in it. */
export interface Report {
  readonly homeserver: string;
  readonly identity: string | null;
  /** What the homeserver answered to `/versions`. */
  readonly versions: readonly string[];
  readonly exchanges: number;
  readonly results: readonly RuleResult[];
  /** Which operations were brought to a documented success; null where the run was not to try. */
  readonly walked: Walked | null;
}

export function ruleResult(rule: Rule, section: string, outcome: RuleOutcome): RuleResult {
  const { id, title, level, specUrl, reason } = rule;
  return { id, section, title, level, specUrl, reason, outcome };
}

/** A violation of the specification; security expectations and information are none. */
export function isViolation({ level, outcome }: RuleResult): boolean {
  return outcome.result === "fail" && level !== "security" && level !== "info";
}

/** 0 clean; 1 violations, or rules that the server's wrong answers kept from being judged; 2 a defect of this tool. */
export function exitCode(report: Report): 0 | 1 | 2 {
  if (report.results.some((result) => isViolation(result) || result.outcome.result === "blocked")) return 1;
  return report.results.some((result) => result.outcome.result === "error") ? 2 : 0;
}
