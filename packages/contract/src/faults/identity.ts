import type { Fault } from "./fault.ts";
import { accountFaults } from "./identity/accounts.ts";
import { answerFaults } from "./identity/answers.ts";
import { associationFaults } from "./identity/associations.ts";
import { invitationFaults } from "./identity/invitations.ts";
import { keyFaults } from "./identity/keys.ts";
import { lookupFaults } from "./identity/lookup.ts";
import { termsFaults } from "./identity/terms.ts";
import { tokenRequestFaults } from "./identity/token-requests.ts";
import { submissionFaults } from "./identity/token-submissions.ts";

/** What an identity server can get wrong, fault by fault. */
export const identityFaults: readonly Fault[] = [
  ...answerFaults,
  ...accountFaults,
  ...termsFaults,
  ...tokenRequestFaults,
  ...submissionFaults,
  ...associationFaults,
  ...lookupFaults,
  ...keyFaults,
  ...invitationFaults,
];
