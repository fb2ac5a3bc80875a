import { accountFaults } from "./accounts.ts";
import { answerFaults } from "./answers.ts";
import { conversationFaults } from "./conversations.ts";
import type { Fault } from "./fault.ts";
import { identityFaults } from "./identity.ts";
import { keyAndFileFaults } from "./keys-and-files.ts";
import { roomFaults } from "./rooms.ts";
import { roomLifeFaults } from "./room-life.ts";
import { shownFileFaults } from "./shown-files.ts";
import { syncStateFaults } from "./sync-state.ts";
import { syncFaults } from "./sync.ts";
import { userInteractiveAuthFaults } from "./user-interactive-auth.ts";

export type { Change, Fault } from "./fault.ts";
export { answerInstead, rewriteRequest, rewriteResponse } from "./fault.ts";

/** Every seeded fault: at least one for each rule that can be checked from outside. */
export const faults: readonly Fault[] = [
  ...userInteractiveAuthFaults,
  ...roomFaults,
  ...roomLifeFaults,
  ...syncFaults,
  ...syncStateFaults,
  ...conversationFaults,
  ...keyAndFileFaults,
  ...shownFileFaults,
  ...accountFaults,
  ...answerFaults,
  ...identityFaults,
];
