import { describe, expect, test } from "vitest";
import { userInteractiveAuthFaults } from "../src/faults/user-interactive-auth.ts";
import type { Fetch } from "../src/http.ts";
import type { RuleResult } from "../src/report.ts";
import { runContract } from "../src/run.ts";
import { userInteractiveAuthSections } from "../src/user-interactive-auth/catalogue.ts";
import { createHomeserver } from "./homeserver.ts";
import { recaptchaResponse, registrationToken } from "./homeserver/stages.ts";

const rules = userInteractiveAuthSections.flatMap((section) => section.rules);
/** The homeserver of these tests has no application services; shown to pass and to fail on the reference homeserver. */
const notOffered = "uia-3c";
const testable = rules.filter(({ id, testable: is }) => is === true && id !== notOffered).map(({ id }) => id);
const shown = userInteractiveAuthFaults.filter(({ rule }) => rule !== notOffered);

describe("on a homeserver that obeys them", () => {
  test("all rules pass in one run", async () => {
    const { results } = await run();
    const wanted = (id: string) => (id === notOffered ? ["skip"] : ["pass", "untestable"]);
    const rest = results.filter(({ id, outcome }) => !wanted(id).includes(outcome.result));
    expect(rest.map(({ id, outcome }) => ({ id, ...outcome }))).toEqual([]);
  });

  test.each(testable)("%s passes alone", async (id) => {
    const { results } = await run({ only: [id] });
    expect(results.map(({ outcome }) => outcome.result)).toEqual(["pass"]);
  });
});

describe("under a seeded fault", () => {
  const cases = shown.map((fault) => [fault.rule, fault.name, fault] as const);

  test.each(cases)("%s fails, alone and as the first of a whole run: %s", async (rule, _name, { wrap }) => {
    const alone = await run({ only: [rule], wrap });
    expect(failed(alone.results)).toEqual([rule]);
    const whole = await run({ wrap });
    expect(failed(whole.results)[0]).toBe(rule);
    expect(whole.results.filter(({ outcome }) => outcome.result === "error")).toEqual([]);
  });

  test("every testable rule has one", () => {
    const faulty = new Set(shown.map(({ rule }) => rule));
    expect(testable.filter((id) => !faulty.has(id))).toEqual([]);
  });
});

test("no rule of the list is missing", () => {
  const numbers = new Set(rules.map(({ id }) => Number(/^uia-(\d+)[a-z]?$/.exec(id)?.[1])));
  expect([...numbers].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 48 }, (_, index) => index + 1));
});

/** Runs rules against a new homeserver in this process, with a layer around it. */
function run({ only, wrap = (next) => next }: { only?: readonly string[]; wrap?: (next: Fetch) => Fetch } = {}) {
  const { fetch, inbox } = createHomeserver();
  return runContract({
    homeserver: "http://homeserver.test",
    fetch: wrap(busyAtTimes(fetch)),
    mail: inbox,
    sms: inbox,
    registrationToken,
    recaptchaResponse,
    timeout: 500,
    sleep: async () => {},
    keepAccounts: true,
    sections: userInteractiveAuthSections,
    ...(only !== undefined && { only }),
  });
}

/** A server that is busy every other time somebody asks who they are, and says so rightly. */
function busyAtTimes(next: Fetch): Fetch {
  let asked = 0;
  return async (request) => {
    if (!request.url.endsWith("/whoami") || asked++ % 2 === 1) return next(request);
    const headers = { "retry-after": "1", "access-control-allow-origin": "*" };
    const body = { errcode: "M_LIMIT_EXCEEDED", error: "Too many requests", retry_after_ms: 1000 };
    return Response.json(body, { status: 429, headers });
  };
}

function failed(results: readonly RuleResult[]): readonly string[] {
  return results.filter(({ outcome }) => outcome.result === "fail").map(({ id }) => id);
}
