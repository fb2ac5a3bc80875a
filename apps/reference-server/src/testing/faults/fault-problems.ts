import type { Fault } from "./fault.ts";
import { operationsNamed } from "./match-fault.ts";

/** What is wrong with faults beyond the form of their fields, one line each. */
export function findFaultProblems(faults: readonly Fault[]): string[] {
  return faults.flatMap((fault, index) => {
    const { operation, server, latencyMs, status, dropConnection, errcode, retryAfterMs, body } = fault;
    const field = `faults[${index}]`;
    const problems: string[] = [];
    if (operation !== undefined && operationsNamed(operation, server).length === 0) {
      problems.push(
        `${field}.operation is "${operation}"; expected an operation ID such as "sync", or a pattern such as "get*"`,
      );
    }
    if (latencyMs === undefined && status === undefined && dropConnection === undefined) {
      problems.push(`${field} does nothing; expected latencyMs, status or dropConnection`);
    }
    if (status === undefined && (errcode !== undefined || retryAfterMs !== undefined || body !== undefined)) {
      problems.push(`${field}.status is missing; expected one for the answer that the other fields describe`);
    }
    return problems;
  });
}
