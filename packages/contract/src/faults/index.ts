import type { Fault } from "./fault.ts";
import { identityFaults } from "./identity.ts";
import { userInteractiveAuthFaults } from "./user-interactive-auth.ts";

export type { Change, Fault } from "./fault.ts";
export { answerInstead, rewriteRequest, rewriteResponse } from "./fault.ts";

/** Every seeded fault: at least one for each rule that can be checked from outside. */
export const faults: readonly Fault[] = [...userInteractiveAuthFaults, ...identityFaults];
