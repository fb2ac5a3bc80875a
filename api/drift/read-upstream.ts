import { carriedFacts, carryFacts, type CarryReport } from "./carry-facts.ts";
import { extractFacts, type Facts, type Operations } from "./extract-facts.ts";
import type { JsonObject } from "./json.ts";
import { keyedFacts, listedFacts } from "./keyed-facts.ts";
import type { Checkout } from "./read-checkout.ts";

/** Upstream's facts as complete as ours, and what had to be taken over from ours for that. */
export interface Upstream {
  readonly facts: Facts;
  readonly reports: readonly CarryReport[];
}

/** Reads a checkout, and completes it by the facts that only people can read off the text. */
export function readUpstream(checkout: Checkout, version: string, ours: Facts): Upstream {
  const ourKeyed = keyedFacts(ours) as JsonObject; // an object in, an object out
  const carried = carriedFacts();
  const isOperation = ({ at }: { readonly at: readonly string[] }): boolean => at[1] === "operations";
  let operationReports: readonly CarryReport[] = [];

  const extracted = extractFacts(checkout, version, (operations) => {
    const written = {
      "client-server": { operations: operations["client-server"] },
      identity: { operations: operations.identity },
    };
    const { facts, reports } = carryFacts(keyedFacts(written) as JsonObject, ourKeyed, carried.filter(isOperation)); // likewise
    operationReports = reports;
    const completed = listedFacts(facts) as typeof written; // the same shape
    return {
      "client-server": completed["client-server"].operations,
      identity: completed.identity.operations,
    } satisfies Operations;
  });

  const others = carried.filter((fact) => !isOperation(fact));
  const { facts, reports } = carryFacts(keyedFacts(extracted) as JsonObject, ourKeyed, others); // likewise
  return { facts: listedFacts(facts) as Facts, reports: [...operationReports, ...reports] }; // the same shape
}
