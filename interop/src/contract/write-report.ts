import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Report } from "@matrix-openapi/contract";
import type { Subject } from "./report-page.ts";
import { reportPage } from "./report-page.ts";
import { openQuestions } from "./verdicts.ts";

const folder = fileURLToPath(new URL("../../../packages/contract/reports/", import.meta.url));

/** Writes the page among the reports of packages/contract; the process ends with 1 where a finding has no verdict. */
export function writeReport(subject: Omit<Subject, "date">, report: Report): void {
  mkdirSync(folder, { recursive: true });
  const file = `${folder}${subject.name.toLowerCase().replaceAll(" ", "-")}.md`;
  writeFileSync(file, reportPage({ ...subject, date: new Date().toISOString().slice(0, 10) }, report));
  process.stdout.write(`${file}\n`);
  for (const question of openQuestions(report, subject.verdicts)) {
    process.stderr.write(`${question}\n`);
    process.exitCode = 1;
  }
}
