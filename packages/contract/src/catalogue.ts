import type { Rule } from "./rule.ts";
import { challengeHasFlows, loginIsNotInteractive, neverWithoutAuth } from "./user-interactive-auth/asking.ts";
import { failedAttemptIsTold } from "./user-interactive-auth/retrying.ts";

/** Rules that belong together in a report. */
export interface Section {
  readonly title: string;
  readonly rules: readonly Rule[];
}

/** Every rule there is, in the order in which a run checks them: what ends sessions or changes accounts comes late. */
export const catalogue: readonly Section[] = [
  { title: "User-interactive auth: asking", rules: [challengeHasFlows, neverWithoutAuth, loginIsNotInteractive] },
  { title: "User-interactive auth: retrying", rules: [failedAttemptIsTold] },
];

export const rules: readonly Rule[] = catalogue.flatMap((section) => section.rules);
