import { describe, expect, test } from "vitest";
import type { Section } from "./catalogue.ts";
import type { Outcome } from "./outcome.ts";
import { Blocked, fail, NotOffered, pass } from "./outcome.ts";
import { exitCode } from "./report.ts";
import type { Level, Rule, TestableRule } from "./rule.ts";
import type { ContractOptions, Progress } from "./run.ts";
import { runContract } from "./run.ts";

describe("what becomes of a check", () => {
  test.each([
    ["passes", "must", async () => pass("noted"), { result: "pass", note: "noted" }, 0],
    [
      "finds a violation",
      "should",
      async () => fail(null, "this"),
      { result: "fail", expected: "this", found: "nothing", exchange: null },
      1,
    ],
    ["finds a weakness", "security", async () => fail(null, "this"), { result: "fail" }, 0],
    ["finds a difference", "info", async () => fail(null, "this"), { result: "fail" }, 0],
    [
      "needs what is not offered",
      "must",
      () => Promise.reject(new NotOffered("no terms here")),
      { result: "skip", reason: "no terms here" },
      0,
    ],
    [
      "is kept from judging",
      "must",
      () => Promise.reject(new Blocked(null, "no account")),
      { result: "blocked", reason: "no account" },
      1,
    ],
    ["is broken itself", "must", () => Promise.reject(new TypeError("x is undefined")), { result: "error" }, 2],
  ] as const)("that %s", async (_what, level, check, outcome, code) => {
    const report = await run([rule("t-1", check, level)]);
    expect(report.results[0]?.outcome).toMatchObject(outcome);
    expect(exitCode(report)).toBe(code);
  });

  test("that has no means to look", async () => {
    const report = await run([{ ...rule("t-1", async () => fail(null, "never asked")), needs: ["identity", "mail"] }]);
    expect(report.results[0]?.outcome).toEqual({
      result: "skip",
      reason:
        "no identity server was given (--identity); no way to read the mail that the server sends (--smtp-port or --inbox)",
    });
  });

  test("that nobody can make from outside", async () => {
    const { check: _check, ...facts } = rule("t-1", async () => pass());
    const report = await run([{ ...facts, testable: { no: "hidden" } }]);
    expect(report.results[0]?.outcome).toEqual({ result: "untestable", reason: "hidden" });
  });
});

describe("a rule that observes", () => {
  const observing = (check: () => Promise<Outcome>): Rule => ({
    ...rule("t-1", check),
    observe: (answer) => (answer.status === 404 ? fail(answer, "no 404") : null),
  });
  const causes404 = {
    ...rule("t-2", async () => pass()),
    check: async ({ homeserver }) => {
      await homeserver.get("/missing");
      await homeserver.get("/missing");
      return pass();
    },
  } satisfies Rule;

  test("sees what other checks cause, and has its say at the end", async () => {
    const report = await run([observing(async () => pass()), causes404]);
    expect(report.results.map(({ id, outcome }) => [id, outcome.result])).toEqual([
      ["t-1", "fail"],
      ["t-2", "pass"],
    ]);
    expect(report.results[0]?.outcome).toMatchObject({ found: "404 {} (and 1 more of 2 answers)" });
  });

  test("is skipped where it saw nothing to judge", async () => {
    expect((await run([observing(async () => pass())])).results[0]?.outcome.result).toBe("skip");
  });

  test("stays skipped where it was not asked for", async () => {
    const report = await run([observing(async () => pass()), causes404], { skip: { "t-1": "known" } });
    expect(report.results[0]?.outcome).toEqual({ result: "skip", reason: "known" });
  });
});

test("checks what it is asked to, and tells how far it is", async () => {
  const progress: string[] = [];
  const onProgress = ({ done, total, rule: { id }, result }: Progress) =>
    progress.push(`${done}/${total} ${id} ${result?.outcome.result ?? "…"}`);
  const rules = ["t-1", "t-2", "t-3"].map((id) => rule(id, async () => pass()));
  await run(rules, { only: ["t-1", "t-3"], onProgress });
  expect(progress).toEqual(["0/2 t-1 …", "1/2 t-1 pass", "1/2 t-3 …", "2/2 t-3 pass"]);
});

test("does not take a misspelt rule for a clean run", async () => {
  await expect(run([rule("t-1", async () => pass())], { only: ["t-9"] })).rejects.toThrow("there is no rule t-9");
  await expect(run([rule("t-1", async () => pass())], { skip: { "t-9": "why" } })).rejects.toThrow(
    "there is no rule t-9",
  );
});

function rule(id: string, check: () => Promise<Outcome>, level: Level = "must"): TestableRule {
  return {
    id,
    title: "T",
    level,
    specUrl: "https://spec.test",
    reason: "R",
    needs: ["homeserver"],
    testable: true,
    check,
  };
}

function run(rules: readonly Rule[], options: Partial<ContractOptions> = {}) {
  const sections: readonly Section[] = [{ title: "Tests", rules }];
  return runContract({
    homeserver: "http://homeserver.test",
    fetch: async (request) =>
      request.url.endsWith("/versions") ? Response.json({ versions: ["v1.19"] }) : Response.json({}, { status: 404 }),
    sections,
    ...options,
  });
}
