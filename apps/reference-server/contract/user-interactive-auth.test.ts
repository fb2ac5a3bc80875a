import type { Fetch } from "@matrix-openapi/contract";
import { rules, runContract } from "@matrix-openapi/contract";
import { faults } from "@matrix-openapi/contract/faults";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startEquippedTarget } from "./equipped-target.ts";
import type { Target } from "./target.ts";
import { startTarget } from "./target.ts";

/** What accounts with a password are not offered here; shown to pass and to fail on the contract tests' own server. */
const notOffered = new Set(["uia-30"]);
/** No fault of m.oauth can be seen where nobody is offered it. */
const withoutFault = new Set([...notOffered, "uia-37"]);
/** Judged on a server that is busy, below. */
const busyRules = ["uia-48c", "uia-48d"];

const ids = rules
  .filter(({ id, testable }) => id.startsWith("uia-") && testable === true && !busyRules.includes(id))
  .map(({ id }) => id);
const faultsOf = (wanted: readonly string[]) =>
  faults
    .filter(({ rule }) => wanted.includes(rule) && !withoutFault.has(rule))
    .map((fault) => [fault.rule, fault.name, fault] as const);

let target: Target;
beforeAll(async () => {
  target = await startEquippedTarget();
});
afterAll(() => target.close());

describe("the reference homeserver", () => {
  test("obeys every rule of user-interactive auth in one run", { timeout: 120_000 }, async () => {
    const { results } = await runContract({ ...target.options, only: ids });
    const rest = results.filter(({ id, outcome }) => outcome.result !== (notOffered.has(id) ? "skip" : "pass"));
    expect(rest.map(({ id, outcome }) => ({ id, ...outcome }))).toEqual([]);
  });

  test.each(faultsOf(ids))("would fail %s if %s", async (rule, _name, { wrap }) => {
    const { results } = await runContract({ ...target.options, timeout: 5000, fetch: wrap(fetch), only: [rule] });
    expect(results.map(({ id, outcome }) => ({ id, result: outcome.result }))).toEqual([{ id: rule, result: "fail" }]);
  });
});

describe("a reference homeserver that is busy", () => {
  test("says so as it should", async () => {
    expect(await judgeBusy(fetch)).toEqual({ "uia-48c": "pass", "uia-48d": "pass" });
  });

  test.each(faultsOf(busyRules))("would fail %s if %s", async (rule, _name, { wrap }) => {
    expect(await judgeBusy(wrap(fetch))).toMatchObject({ [rule]: "fail" });
  });

  async function judgeBusy(send: Fetch) {
    const registration = { requests: 1, perMs: 3000 };
    const busy = await startTarget({
      rateLimits: { login: false, registration, userInteractiveAuth: false, requestToken: false },
    });
    try {
      // The rule that registers two accounts runs into the limit, and waits by moving the server's clock.
      const only = [...busyRules, "uia-11"];
      const sleep = async (milliseconds: number) => busy.options.clock?.advance(milliseconds);
      const { results } = await runContract({ ...busy.options, fetch: send, sleep, only });
      return Object.fromEntries(
        results.filter(({ id }) => busyRules.includes(id)).map(({ id, outcome }) => [id, outcome.result]),
      );
    } finally {
      await busy.close();
    }
  }
});
