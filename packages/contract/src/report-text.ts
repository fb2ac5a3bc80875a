import type { ShownExchange } from "./exchange.ts";
import type { Report, RuleResult } from "./report.ts";
import { isViolation } from "./report.ts";
import type { Rule } from "./rule.ts";

/** The report for people: what has to be mended first, what to know second, what went well as a number. */
export function reportText(report: Report): string {
  const of = (wanted: (result: RuleResult) => boolean): readonly RuleResult[] => report.results.filter(wanted);
  const violations = of(isViolation).toSorted((a, b) => weights[a.level] - weights[b.level]);
  const security = of(({ outcome, level }) => outcome.result === "fail" && (level === "security" || level === "info"));
  const parts = [
    heading(report),
    group("Violations of the specification", violations, violation),
    group("Security expectations not met (the specification does not state them)", security, violation),
    group("Could not be judged, because the server answered a step before wrongly", of(is("blocked")), blocked),
    group("Defects of this tool: please report them", of(is("error")), oneLine),
    group(
      "Noted",
      of(({ outcome }) => outcome.result === "pass" && outcome.note !== undefined),
      oneLine,
    ),
    skipped(of(is("skip"))),
    group("Not testable from outside", of(is("untestable")), oneLine),
    sections(report),
    operationsReached(report),
    closingLine(report),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function operationsReached({ walked }: Report): string {
  if (walked === null) return "";
  const byReason = Map.groupBy(walked.missing, ({ reason }) => reason);
  const lines = Array.from(
    byReason,
    ([reason, own]) => `  ${reason}\n    ${own.map((one) => one.operationId).join(" ")}`,
  );
  const missing = lines.length === 0 ? [] : ["Not reached:", ...lines];
  return [`Operations that reached a documented success: ${walked.reached.length} of ${walked.total}`, ...missing].join(
    "\n",
  );
}

/** One line that says it all: `41 passed, 2 violations (1 must, 1 should), …`. */
function closingLine(report: Report): string {
  const violations = report.results.filter(isViolation);
  const levels = (["must", "should", "derived"] as const)
    .map((level) => [violations.filter((result) => result.level === level).length, level] as const)
    .filter(([count]) => count > 0)
    .map(([count, level]) => `${count} ${level}`);
  const count = (result: RuleResult["outcome"]["result"]): number => report.results.filter(is(result)).length;
  const counts: (readonly [number, string])[] = [
    [count("fail") - violations.length, "security expectations not met"],
    [count("blocked"), "blocked"],
    [count("error"), "defects of this tool"],
    [count("skip"), "skipped"],
    [count("untestable"), "not testable"],
  ];
  const tail = counts.filter(([number]) => number > 0).map(([number, what]) => `, ${number} ${what}`);
  const perLevel = levels.length === 0 ? "" : ` (${levels.join(", ")})`;
  return `${count("pass")} passed, ${violations.length} violations${perLevel}${tail.join("")}`;
}

/** The catalogue for people. */
export function rulesText(rules: readonly Rule[]): string {
  const lines = rules.map(({ id, level, title, reason, specUrl, testable }) => {
    const untestable = testable === true ? "" : `\n         not testable from outside: ${testable.no}`;
    return `${id.padEnd(8)} ${level.padEnd(9)}${title}\n         ${reason}\n         ${specUrl}${untestable}`;
  });
  return `${lines.join("\n")}\n`;
}

const weights: Readonly<Record<RuleResult["level"], number>> = { must: 0, should: 1, derived: 2, security: 3, info: 4 };

function is(wanted: RuleResult["outcome"]["result"]) {
  return ({ outcome }: RuleResult): boolean => outcome.result === wanted;
}

function heading({ homeserver, identity, versions, exchanges }: Report): string {
  const newest = versions.at(-1) ?? "no version of the specification";
  const servers = identity === null ? homeserver : `${homeserver} and ${identity}`;
  return `${servers} (${newest}): ${exchanges} requests`;
}

function group(title: string, results: readonly RuleResult[], print: (result: RuleResult) => string): string {
  if (results.length === 0) return "";
  return [`${title}: ${results.length}`, ...results.map(print)].join("\n");
}

function violation(result: RuleResult): string {
  const { id, level, title, reason, specUrl, outcome } = result;
  if (outcome.result !== "fail") return "";
  return [
    `\n  ${id} (${level}) ${title}`,
    `    why       ${reason}`,
    `    spec      ${specUrl}`,
    ...(outcome.exchange === null ? [] : sent(outcome.exchange)),
    `    expected  ${outcome.expected}`,
    `    found     ${outcome.found}`,
  ].join("\n");
}

/** By reason, for one reason (no mail, say) often holds for many rules. */
function skipped(results: readonly RuleResult[]): string {
  if (results.length === 0) return "";
  const byReason = Map.groupBy(results, ({ outcome }) => (outcome.result === "skip" ? outcome.reason : ""));
  const lines = Array.from(byReason, ([reason, own]) => `  ${reason}\n    ${own.map(({ id }) => id).join(" ")}`);
  return [`Skipped: ${results.length}`, ...lines].join("\n");
}

function blocked(result: RuleResult): string {
  const { outcome } = result;
  const lines = [oneLine(result)];
  if (outcome.result === "blocked" && outcome.exchange !== null) lines.push(...sent(outcome.exchange));
  return lines.join("\n");
}

function sent({ request, requestBody }: ShownExchange): readonly string[] {
  return [
    `    sent      ${request}`,
    ...(requestBody === undefined ? [] : [`              ${JSON.stringify(requestBody)}`]),
  ];
}

function oneLine({ id, title, outcome }: RuleResult): string {
  return `  ${id.padEnd(8)} ${title}\n           ${detail(outcome)}`;
}

function detail(outcome: RuleResult["outcome"]): string {
  switch (outcome.result) {
    case "pass":
      return outcome.note ?? "";
    case "error":
      return outcome.message;
    case "fail":
      return outcome.found;
    default:
      return outcome.reason;
  }
}

function sections({ results }: Report): string {
  const judged = results.filter(({ outcome }) => outcome.result === "pass" || outcome.result === "fail");
  const bySection = Map.groupBy(judged, ({ section }) => section);
  const width = Math.max(0, ...Array.from(bySection.keys(), (title) => title.length));
  const lines = Array.from(bySection, ([title, own]) => {
    const passed = own.filter(is("pass")).length;
    return `  ${title.padEnd(width)}  ${passed} of ${own.length}`;
  });
  return ["Passed, by section", ...lines].join("\n");
}
