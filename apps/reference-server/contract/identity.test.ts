import { setTimeout as delay } from "node:timers/promises";
import type { ContractOptions, Fetch, Mailbox } from "@matrix-openapi/contract";
import { openInbox, rules, runContract } from "@matrix-openapi/contract";
import type { Fault } from "@matrix-openapi/contract/faults";
import { faults } from "@matrix-openapi/contract/faults";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Target } from "./target.ts";
import { startTarget } from "./target.ts";

const terms = {
  privacy: {
    version: "1.2",
    en: { name: "Privacy policy", url: "https://example.org/privacy-1.2-en" },
    fr: { name: "Vie privée", url: "https://example.org/privacy-1.2-fr" },
  },
  use: { version: "3", en: { name: "Terms of use", url: "https://example.org/use-3-en" } },
};

const identityRules = rules.filter(({ id }) => id.startsWith("is-"));
const testable = identityRules.filter((rule) => rule.testable === true).map(({ id }) => id);
const identityFaults = faults.filter(({ rule }) => rule.startsWith("is-"));

let target: Target;
beforeAll(async () => {
  target = await startTarget({ registration: { flows: [["m.login.dummy"]] }, identity: { terms } });
});
afterAll(() => target.close());

describe("the reference identity server", () => {
  test("obeys every rule that can be seen from outside, in one run", { timeout: 120_000 }, async () => {
    const { results } = await runContract({ ...target.options, only: testable });
    const rest = results.filter(({ outcome }) => outcome.result !== "pass");
    expect(rest.map(({ id, outcome }) => ({ id, ...outcome }))).toEqual([]);
    expect(results).toHaveLength(testable.length);
  });

  test.each(testable)("obeys %s alone", async (id) => {
    const { results } = await runContract({ ...target.options, only: [id] });
    expect(results.map(({ outcome }) => outcome)).toEqual([expect.objectContaining({ result: "pass" })]);
  });

  test.each(identityFaults.map((fault) => [fault.rule, fault.name, fault] as const))(
    "would fail %s if %s",
    async (rule, _name, fault) => {
      const { results } = await runContract({ ...faulty(target.options, fault), only: [rule] });
      expect(results.map(({ id, outcome }) => ({ id, result: outcome.result }))).toEqual([
        { id: rule, result: "fail" },
      ]);
    },
  );
});

describe("the rules of the identity service", () => {
  test("are the 54 of the specification, each once", () => {
    const numbers = new Set(identityRules.map(({ id }) => Number(/^is-(\d+)[a-z]?$/.exec(id)?.[1])));
    expect([...numbers].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 54 }, (_, index) => index + 1));
    expect(new Set(identityRules.map(({ id }) => id)).size).toBe(identityRules.length);
  });

  test("each have a fault that they find, where they can be checked", () => {
    const found = new Set(identityFaults.map(({ rule }) => rule));
    expect(testable.filter((id) => !found.has(id))).toEqual([]);
  });
});

/** Requests and the mail go through the fault; a message too many is waited for less long, as these servers are near. */
function faulty(options: ContractOptions, { wrap }: Fault): ContractOptions {
  const { mail } = options;
  if (mail === undefined) throw new Error("the target had to come with a mailbox");
  return { ...options, timeout: 5000, fetch: wrap(fetch), mail: mailThrough(wrap, mail), sleep: shortly };
}

function shortly(milliseconds: number): Promise<void> {
  return delay(milliseconds / 5);
}

function mailThrough(wrap: Fault["wrap"], mailbox: Mailbox): Mailbox {
  const inbox: Fetch = async (request) => {
    const to = new URL(request.url).searchParams.get("to") ?? "";
    return Response.json({ messages: (await mailbox.messagesTo(to)).toReversed() });
  };
  const send = wrap(inbox);
  return openInbox("http://inbox.test", (input, init) => send(new Request(input, init)));
}
