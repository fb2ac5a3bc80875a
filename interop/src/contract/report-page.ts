import type { Report, RuleResult } from "@matrix-openapi/contract";
import type { Verdicts } from "./verdicts.ts";
import { findingsOf } from "./verdicts.ts";

/** What only who has started the server knows. */
export interface Subject {
  /** Its name and version, such as "Synapse 1.163.2". */
  readonly name: string;
  /** The root command that makes the page. */
  readonly command: string;
  readonly date: string;
  /** How it was configured, in a sentence or a few. */
  readonly setting: string;
  readonly verdicts: Verdicts;
  /** What has no rule or broke none, and is worth knowing. */
  readonly remarks: readonly string[];
  /** Why operations were not reached, where the run's own reason does not say it all; by operationId. */
  readonly unreached: Readonly<Record<string, string>>;
}

/** A report as a page: what was found, with a verdict on each; then what was skipped and not reached, and why. */
export function reportPage(subject: Subject, report: Report): string {
  const findings = findingsOf(report).toSorted((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level));
  const parts = [
    `# ${subject.name}`,
    `${subject.date}; ${numbers(report)}.`,
    subject.setting,
    `Made by \`${subject.command}\`. The verdicts are written by hand, each after reading the place that it names.`,
    "## Findings",
    table(
      ["rule", "level", "title"],
      findings.map(({ id, level, title }) => [`[${id}](#${id})`, level, title]),
    ),
    ...findings.map((finding) => findingPart(finding, subject.verdicts)),
    ...(subject.remarks.length === 0 ? [] : ["## Beside the rules", list(subject.remarks)]),
    "## Passed, by section",
    sections(report),
    "## Skipped",
    reasons(report, "skip"),
    "## Not testable from outside",
    reasons(report, "untestable"),
    ...walk(subject, report),
  ];
  return `${parts.join("\n\n")}\n`;
}

const levels: readonly string[] = ["must", "should", "derived", "security", "info"];

function numbers({ identity, results, versions, exchanges, walked }: Report): string {
  const count = (wanted: string): number => results.filter(({ outcome }) => outcome.result === wanted).length;
  return [
    // Those are the homeserver's, also where the identity server is judged.
    ...(identity === null ? [`it claims Matrix ${versions.at(-1) ?? "of no version"}`] : []),
    `${results.length} rules in ${exchanges} requests: ${count("pass")} passed, ${count("fail")} failed, ` +
      `${count("blocked")} blocked, ${count("skip")} skipped, ${count("untestable")} not testable from outside`,
    ...(walked === null ? [] : [`${walked.reached.length} of ${walked.total} operations reached a documented success`]),
  ].join("; ");
}

function findingPart({ id, title, level, specUrl, outcome }: RuleResult, verdicts: Verdicts): string {
  const verdict = verdicts[id];
  const exchange = "exchange" in outcome ? outcome.exchange : null;
  const found = outcome.result === "fail" ? outcome.found : "reason" in outcome ? outcome.reason : "";
  const wire = [exchange?.request ?? "", exchange === null ? "" : body(exchange?.requestBody), found];
  return [
    `### ${id}`,
    `${title} (${level}).`,
    `\`\`\`\n${wire.filter((line) => line !== "").join("\n")}\n\`\`\``,
    list([
      `**Answered**: ${verdict?.answered ?? "?"}`,
      `**[The text](${verdict?.place ?? specUrl})**: ${verdict?.text ?? "?"}`,
      `**Verdict**: ${verdict?.verdict ?? "nobody has looked into it yet"}`,
    ]),
  ].join("\n\n");
}

function body(value: unknown): string {
  return value === undefined ? "" : JSON.stringify(value);
}

function sections({ results }: Report): string {
  const judged = results.filter(({ outcome }) => outcome.result === "pass" || outcome.result === "fail");
  const bySection = Map.groupBy(judged, ({ section }) => section);
  return table(
    ["section", "passed"],
    Array.from(bySection, ([section, own]) => [
      section,
      `${own.filter(({ outcome }) => outcome.result === "pass").length} of ${own.length}`,
    ]),
  );
}

function reasons({ results }: Report, wanted: "skip" | "untestable"): string {
  const own = results.flatMap(({ id, outcome }) => (outcome.result === wanted ? [{ id, reason: outcome.reason }] : []));
  const byReason = Map.groupBy(own, ({ reason }) => reason);
  return table(
    ["why", "rules"],
    Array.from(byReason, ([reason, same]) => [reason, same.map(({ id }) => id).join(" ")]),
  );
}

function walk({ unreached }: Subject, { walked }: Report): readonly string[] {
  if (walked === null || walked.missing.length === 0) return [];
  const why = walked.missing.map(({ operationId, reason }) => ({ operationId, why: unreached[operationId] ?? reason }));
  const byReason = Map.groupBy(why, (one) => one.why);
  const rows = Array.from(byReason, ([reason, same]) => [reason, same.map(({ operationId }) => operationId).join(" ")]);
  return ["## Operations not reached", table(["why", "operations"], rows)];
}

function list(entries: readonly string[]): string {
  return entries.map((entry) => `- ${entry}`).join("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("<", "&lt;")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
