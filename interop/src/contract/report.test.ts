import type { Report } from "@matrix-openapi/contract";
import { expect, test } from "vitest";
import { reportPage } from "./report-page.ts";
import { openQuestions } from "./verdicts.ts";

const rule = { section: "Keys", level: "must", reason: "because", specUrl: "https://spec.test/#keys" } as const;
const report: Report = {
  homeserver: "http://hs.test/",
  identity: null,
  versions: ["v1.1"],
  exchanges: 3,
  results: [
    { ...rule, id: "cs-1", title: "Passes", outcome: { result: "pass" } },
    { ...rule, id: "cs-2", title: "Fails", outcome: { result: "fail", expected: "a", found: "b", exchange: null } },
    { ...rule, id: "cs-3", title: "Is left out", outcome: { result: "skip", reason: "no mail" } },
  ],
  walked: { total: 2, reached: ["a"], missing: [{ operationId: "b", reason: "it answered 404 <html>" }] },
};
const verdict = { answered: "b", text: "it has to be a", verdict: "it departs" };

test("a finding without a verdict, and a verdict without a finding, are open questions", () => {
  expect(openQuestions(report, { "cs-2": verdict })).toEqual([]);
  expect(openQuestions(report, {})).toEqual([expect.stringContaining("cs-2 (Fails) is found, but has no verdict")]);
  expect(openQuestions(report, { "cs-2": verdict, "cs-1": verdict })).toEqual([
    expect.stringContaining("cs-1 has a verdict, but is not found any more"),
  ]);
});

test("the page tells what was found, judged, left out and not reached", () => {
  const page = reportPage(
    {
      name: "Server 1",
      command: "npm run it",
      date: "2026-11-21",
      setting: "As it comes.",
      verdicts: { "cs-2": verdict },
      remarks: ["It is slow."],
      unreached: {},
    },
    report,
  );
  expect(page).toContain("3 rules in 3 requests: 1 passed, 1 failed, 0 blocked, 1 skipped");
  expect(page).toContain("- **[The text](https://spec.test/#keys)**: it has to be a\n- **Verdict**: it departs");
  expect(page).toContain("| no mail | cs-3 |");
  expect(page).toContain("| it answered 404 &lt;html> | b |");
});
