import { answerFaults } from "./answers.ts";
import { conversationFaults } from "./conversations.ts";
import type { Fault } from "./fault.ts";
import { identityFaults } from "./identity.ts";
import { keyAndFileFaults } from "./keys-and-files.ts";
import { roomFaults } from "./rooms.ts";
import { syncFaults } from "./sync.ts";
import { userInteractiveAuthFaults } from "./user-interactive-auth.ts";

export type { Change, Fault } from "./fault.ts";
export { answerInstead, rewriteRequest, rewriteResponse } from "./fault.ts";

/** Every seeded fault: at least one for each rule that can be checked from outside. */
export const faults: readonly Fault[] = [
  ...userInteractiveAuthFaults,
  ...roomFaults,
  ...syncFaults,
  ...conversationFaults,
  ...keyAndFileFaults,
  ...answerFaults,
  ...identityFaults,
];
