import type { Migration } from "../migrate.ts";
import { homeserverAccounts } from "./0001-homeserver-accounts.ts";
import { homeserverTokens } from "./0002-homeserver-tokens.ts";
import { homeserverThreepids } from "./0003-homeserver-threepids.ts";
import { homeserverRegistration } from "./0004-homeserver-registration.ts";
import { identityAccounts } from "./0005-identity-accounts.ts";
import { identityAssociations } from "./0006-identity-associations.ts";
import { identityInvites } from "./0007-identity-invites.ts";
import { serverState } from "./0008-server-state.ts";
import { registrationTokenReservations } from "./0009-registration-token-reservations.ts";
import { credentialGenerations } from "./0010-credential-generations.ts";

/** In the order in which they are applied. A released migration is never edited; a change is a new file. */
export const migrations: readonly Migration[] = [
  homeserverAccounts,
  homeserverTokens,
  homeserverThreepids,
  homeserverRegistration,
  identityAccounts,
  identityAssociations,
  identityInvites,
  serverState,
  registrationTokenReservations,
  credentialGenerations,
];
