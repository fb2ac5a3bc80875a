import { clientServerSections } from "./client-server/catalogue.ts";
import { identitySections } from "./identity/catalogue.ts";
import type { Rule } from "./rule.ts";
import { userInteractiveAuthSections } from "./user-interactive-auth/catalogue.ts";

/** Rules that belong together in a report. */
export interface Section {
  readonly title: string;
  readonly rules: readonly Rule[];
}

/** Every rule there is, in the order in which a run checks them: what ends sessions or changes accounts comes late. */
export const catalogue: readonly Section[] = [
  ...userInteractiveAuthSections,
  ...clientServerSections,
  ...identitySections,
];

export const rules: readonly Rule[] = catalogue.flatMap((section) => section.rules);
