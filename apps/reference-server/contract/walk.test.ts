import { exitCode, runContract } from "@matrix-openapi/contract";
import { operations } from "@matrix-openapi/definitions/client-server/operations";
import { expect, test } from "vitest";
import { startEquippedTarget } from "./equipped-target.ts";

test("one run obeys every rule and brings every operation to a documented success", { timeout: 300_000 }, async () => {
  const target = await startEquippedTarget();
  try {
    const report = await runContract({ ...target.options, keepAccounts: false });
    expect(report.walked?.missing).toEqual([]);
    expect(report.walked?.reached.toSorted()).toEqual(Object.keys(operations).toSorted());
    const broken = report.results.filter(({ outcome }) => !["pass", "skip", "untestable"].includes(outcome.result));
    expect(broken.map(({ id, outcome }) => ({ id, ...outcome }))).toEqual([]);
    expect(exitCode(report)).toBe(0);
  } finally {
    await target.close();
  }
});
