import type { Exchange } from "./exchange.ts";
import { show } from "./exchange.ts";
import type { Failed } from "./outcome.ts";
import type { RuleResult } from "./report.ts";
import type { Rule } from "./rule.ts";

/** Runs every rule's `observe` on every exchange of a run, and has the last word on those rules at its end. */
export function watch(rules: readonly Rule[]) {
  const watching = rules.flatMap((rule) =>
    rule.testable === true && rule.observe !== undefined ? [{ id: rule.id, observe: rule.observe }] : [],
  );
  const violations = new Map<string, { readonly first: Failed; count: number }>();
  const judgements = new Map<string, number>();
  let exchanges = 0;

  const onExchange = (exchange: Exchange): void => {
    exchanges += 1;
    for (const { id, observe } of watching) {
      const outcome = observe(exchange);
      if (outcome === null) continue;
      judgements.set(id, (judgements.get(id) ?? 0) + 1);
      if (outcome.result !== "fail") continue;
      const before = violations.get(id);
      if (before === undefined) violations.set(id, { first: outcome, count: 1 });
      else before.count += 1;
    }
  };

  const judge = (result: RuleResult): RuleResult => {
    const { result: soFar } = result.outcome;
    const isWatching = watching.some(({ id }) => id === result.id);
    if (!isWatching || soFar === "skip" || soFar === "fail") return result;
    const violation = violations.get(result.id);
    const judged = judgements.get(result.id) ?? 0;
    if (violation !== undefined) {
      const { first, count } = violation;
      const found = count === 1 ? first.found : `${first.found} (and ${count - 1} more of ${judged} answers)`;
      return { ...result, outcome: { ...first, found, exchange: first.exchange && show(first.exchange) } };
    }
    if (judged === 0)
      return { ...result, outcome: { result: "skip", reason: "the run met no answer that this rule speaks about" } };
    return { ...result, outcome: { result: "pass" } };
  };

  return { onExchange, judge, count: () => exchanges };
}
