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
import { stream } from "./0011-stream.ts";
import { rooms } from "./0012-rooms.ts";
import { timeline } from "./0013-timeline.ts";
import { userData } from "./0014-user-data.ts";
import { encryption } from "./0015-encryption.ts";
import { media } from "./0016-media.ts";
import { administration } from "./0017-administration.ts";
import { outsideParties } from "./0018-outside-parties.ts";
import { searchHead } from "./0019-search-head.ts";
import { moreOutsideParties } from "./0020-more-outside-parties.ts";

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
  stream,
  rooms,
  timeline,
  userData,
  encryption,
  media,
  administration,
  outsideParties,
  searchHead,
  moreOutsideParties,
];
