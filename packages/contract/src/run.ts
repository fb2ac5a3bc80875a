import { createAccounts } from "./accounts.ts";
import type { Section } from "./catalogue.ts";
import { catalogue } from "./catalogue.ts";
import type { Context } from "./context.ts";
import { show } from "./exchange.ts";
import { Unreachable } from "./http.ts";
import { watch } from "./observers.ts";
import { Blocked, NotOffered } from "./outcome.ts";
import type { Report, RuleOutcome, RuleResult } from "./report.ts";
import { ruleResult } from "./report.ts";
import type { Capability, Rule, TestableRule } from "./rule.ts";
import { whyMissing } from "./rule.ts";
import type { SessionOptions } from "./session.ts";
import { openSession } from "./session.ts";
import { greet } from "./versions.ts";
import { tally } from "./walk/walk.ts";

export interface ContractOptions extends SessionOptions {
  /** IDs of the only rules to check. */
  readonly only?: readonly string[];
  /** Rules not to check, each with the reason that the report shows. */
  readonly skip?: Readonly<Record<string, string>>;
  /** The sections to check; the whole catalogue unless a caller has rules of its own. */
  readonly sections?: readonly Section[];
  /** Leaves the accounts that the run registered as they are, instead of deactivating them at its end. */
  readonly keepAccounts?: boolean;
  /** Also leads every operation to a documented success. On unless only some rules or sections are asked for. */
  readonly walk?: boolean;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly rule: Rule;
  /** The result of the rule; null when it has just begun. */
  readonly result: RuleResult | null;
}

/**
 * Checks a homeserver, and an identity server where one is given, rule by rule and one request at a time.
 * Violations are in the report; throws Unreachable where no such server answers.
 */
export async function runContract(options: ContractOptions): Promise<Report> {
  const sections = selected(options.sections ?? catalogue, options);
  const total = sections.reduce((sum, section) => sum + section.rules.length, 0);
  const observers = watch(sections.flatMap((section) => section.rules));
  const operations = tally();
  const session = openSession(options, (exchange) => {
    observers.onExchange(exchange);
    operations.onExchange(exchange);
  });
  const versions = await greet(session, options.identity !== undefined);
  const context: Context = { ...session, accounts: createAccounts(session), versions };
  const results: RuleResult[] = [];
  for (const section of sections) {
    for (const rule of section.rules) {
      options.onProgress?.({ done: results.length, total, rule, result: null });
      const result = ruleResult(rule, section.title, await outcomeOf(rule, context, options));
      results.push(result);
      options.onProgress?.({ done: results.length, total, rule, result });
    }
  }
  const isWalked = options.walk ?? (options.only === undefined && options.sections === undefined);
  const walked = isWalked ? await operations.walk(context) : null;
  if (options.keepAccounts !== true) await context.accounts.retire();
  return {
    homeserver: session.homeserver.baseUrl.href,
    identity: options.identity === undefined ? null : session.identity.baseUrl.href,
    versions,
    exchanges: observers.count(),
    results: results.map((result) => observers.judge(result)),
    walked,
  };
}

async function outcomeOf(rule: Rule, context: Context, { skip, identity }: ContractOptions): Promise<RuleOutcome> {
  const asked = skip?.[rule.id];
  if (asked !== undefined) return { result: "skip", reason: asked };
  if (rule.testable !== true) return { result: "untestable", reason: rule.testable.no };
  const missing = rule.needs.filter((capability) => !isAvailable(capability, context, identity !== undefined));
  if (missing.length > 0)
    return { result: "skip", reason: missing.map((capability) => whyMissing[capability]).join("; ") };
  return judged(rule, context);
}

async function judged(rule: TestableRule, context: Context): Promise<RuleOutcome> {
  try {
    const outcome = await rule.check(context);
    return outcome.result === "fail" ? { ...outcome, exchange: outcome.exchange && show(outcome.exchange) } : outcome;
  } catch (error) {
    if (error instanceof NotOffered) return { result: "skip", reason: error.message };
    if (error instanceof Blocked)
      return { result: "blocked", reason: error.message, exchange: error.exchange && show(error.exchange) };
    if (error instanceof Unreachable) return { result: "blocked", reason: error.message, exchange: null };
    return { result: "error", message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function selected(sections: readonly Section[], { only, skip = {} }: ContractOptions): readonly Section[] {
  const known = new Set(sections.flatMap(({ rules }) => rules.map(({ id }) => id)));
  const unknown = [...(only ?? []), ...Object.keys(skip)].find((id) => !known.has(id));
  if (unknown !== undefined)
    throw new Error(`there is no rule ${unknown}: a run that left it out unnoticed would look clean`);
  if (only === undefined) return sections;
  return sections
    .map((section) => ({ ...section, rules: section.rules.filter((rule) => only.includes(rule.id)) }))
    .filter((section) => section.rules.length > 0);
}

function isAvailable(capability: Capability, { mail, sms, push, clock }: Context, hasIdentity: boolean): boolean {
  switch (capability) {
    case "homeserver":
      return true;
    case "identity":
      return hasIdentity;
    case "mail":
      return mail !== null;
    case "sms":
      return sms !== null;
    case "push":
      return push !== null;
    case "clock":
      return clock !== null;
  }
}
