import type { Fault } from "./fault.ts";

/** What an identity server can get wrong, fault by fault. */
export const identityFaults: readonly Fault[] = [];
