import { authenticationFaults } from "./authentication.ts";
import type { Fault } from "./fault.ts";
import { operationFaults } from "./operations.ts";
import { stageFaults } from "./stages.ts";

/** What a homeserver can get wrong about user-interactive auth. */
export const userInteractiveAuthFaults: readonly Fault[] = [
  ...authenticationFaults,
  ...stageFaults,
  ...operationFaults,
];
