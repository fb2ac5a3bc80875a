import { rules, runContract } from "@matrix-openapi/contract";
import { faults } from "@matrix-openapi/contract/faults";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startEquippedTarget } from "./equipped-target.ts";
import type { Target } from "./target.ts";

const ids = rules.filter(({ id }) => id.startsWith("cs-")).map(({ id }) => id);
const ownFaults = faults.filter(({ rule }) => rule.startsWith("cs-"));

/** What never comes is waited for less long. */
const faulty = { timeout: 5000 };

let target: Target;
beforeAll(async () => {
  target = await startEquippedTarget({ registration: { flows: [["m.login.dummy"]] } });
});
afterAll(() => target.close());

describe("the reference homeserver", () => {
  test("obeys every rule of the Client-Server API in one run", { timeout: 240_000 }, async () => {
    const { results } = await runContract({ ...target.options, only: ids });
    const rest = results.filter(({ outcome }) => outcome.result !== "pass");
    expect(rest.map(({ id, outcome }) => ({ id, ...outcome }))).toEqual([]);
  });

  test.each(ids)("obeys %s alone", async (id) => {
    const { results } = await runContract({ ...target.options, only: [id] });
    expect(results.map(({ outcome }) => outcome)).toEqual([expect.objectContaining({ result: "pass" })]);
  });

  test.each(ownFaults.map((fault) => [fault.rule, fault.name, fault] as const))(
    "would fail %s if %s",
    async (rule, _name, { wrap }) => {
      const { results } = await runContract({
        ...target.options,
        ...faulty,
        fetch: wrap(fetch),
        only: [rule],
      });
      expect(results.map(({ id, outcome }) => ({ id, result: outcome.result }))).toEqual([
        { id: rule, result: "fail" },
      ]);
    },
  );
});

test("every rule of the Client-Server API has a fault that it finds", () => {
  const found = new Set(ownFaults.map(({ rule }) => rule));
  expect(ids.filter((id) => !found.has(id))).toEqual([]);
});
