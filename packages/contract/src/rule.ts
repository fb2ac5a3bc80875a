import type { Context } from "./context.ts";
import type { Exchange } from "./exchange.ts";
import type { Failed, Outcome, Passed } from "./outcome.ts";

// How a rule is written
// ---------------------
// One constant per rule, in a file per topic (`src/user-interactive-auth/progress.ts`, `src/identity/lookup.ts`), listed
// in that folder's `catalogue.ts` in the order in which it is to run. A check reads like the rule:
//
//   export const pepperMismatch: Rule = {
//     id: "is-25",                      // never changes and is never given to another rule: people write it in skip lists
//     title: "A lookup with a wrong pepper is refused",
//     level: "derived",
//     specUrl: identitySpec("post_matrixidentityv2lookup"),
//     reason: "A client whose pepper has rotated has to learn the new one, and the code is what tells it so.",
//     needs: ["identity"],              // the run skips the check where it does not have these
//     testable: true,
//     async check({ identity }) {
//       const { token } = await identityAccount();                 // a step towards the check: throws NotOffered or Blocked
//       const answer = await identity.post("/_matrix/identity/v2/lookup", { … }, { token });
//       if (answer.status !== 400 || stringMember(answer.json, "errcode") !== "M_INVALID_PEPPER")
//         return fail(answer, "400 M_INVALID_PEPPER");              // what was expected; what was found is in the exchange
//       return pass();
//     },
//   };
//
// - A check returns pass(), fail(exchange, expected) or skip(reason). It throws nothing: an exception is a defect of
//   this tool (outcome "error", exit code 2). Only the steps before the judgement (accounts, logging in, walking a flow)
//   throw, and only NotOffered (the server need not offer it: a skip) or Blocked (the server answered that step wrongly).
// - It must not fail a server that is right but different: what is optional is skipped where it is not offered.
// - It looks at raw HTTP (`context.homeserver`, `context.identity`), never through the typed client, which would hide
//   what is to be judged. 429 answers have been waited for; redirects are not followed.
// - It may use three accounts (`accounts.alice()`, `accounts.bob()`, the newcomer `accounts.carol()`) and one guest, and
//   leaves them usable for the next rule.
// - `observe` makes a rule look at every exchange of the whole run. Its `check` then only has to cause some.
// - A rule that cannot be seen from outside has `testable: { no: why }` and no check.
// - A number of the design's list that holds two rules of different levels gets two rules: uia-5 and uia-5x.
// - Every testable rule has at least one fault in `src/faults/`: a layer around `fetch` under which the rule fails.

/**
 * How much a violation weighs. must, should: the specification says so. derived: it follows from its definitions.
 * security: expected of a careful server, but not in the specification; reported apart. info: only reports.
 */
export type Level = "must" | "should" | "derived" | "security" | "info";

/** What a check needs: an identity server, a way to read mail, SMS or push notifications sent, a movable clock. */
export type Capability = "homeserver" | "identity" | "mail" | "sms" | "push" | "clock";

export const whyMissing: Readonly<Record<Capability, string>> = {
  homeserver: "no homeserver",
  identity: "no identity server was given (--identity)",
  mail: "no way to read the mail that the server sends (--smtp-port or --inbox)",
  sms: "no way to read the SMS that the server sends (--inbox)",
  push: "nowhere for the server to send push notifications (--push-gateway)",
  clock: "the server's clock cannot be moved from here",
};

interface RuleFacts {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly specUrl: string;
  /** Why the rule holds, in our words. */
  readonly reason: string;
  readonly needs: readonly Capability[];
}

export interface TestableRule extends RuleFacts {
  readonly testable: true;
  check(context: Context): Promise<Outcome>;
  /** Judges any exchange of the run; null where the rule has nothing to say about it. */
  readonly observe?: (exchange: Exchange) => Passed | Failed | null;
}

export interface UntestableRule extends RuleFacts {
  readonly testable: { readonly no: string };
}

export type Rule = TestableRule | UntestableRule;

/** The version of the specification the catalogue is written against; links to it do not shift. */
const specification = "https://spec.matrix.org/v1.19";

export const clientServerSpec = (anchor: string): string => `${specification}/client-server-api/#${anchor}`;
export const identitySpec = (anchor: string): string => `${specification}/identity-service-api/#${anchor}`;
