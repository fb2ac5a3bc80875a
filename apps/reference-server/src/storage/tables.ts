import type { AccountTables } from "./migrations/0001-homeserver-accounts.ts";
import type { TokenTables } from "./migrations/0002-homeserver-tokens.ts";
import type { ThreepidTables } from "./migrations/0003-homeserver-threepids.ts";
import type { RegistrationTables } from "./migrations/0004-homeserver-registration.ts";
import type { IdentityAccountTables } from "./migrations/0005-identity-accounts.ts";
import type { AssociationTables } from "./migrations/0006-identity-associations.ts";
import type { InviteTables } from "./migrations/0007-identity-invites.ts";
import type { ServerStateTables } from "./migrations/0008-server-state.ts";
import type { RegistrationTokenReservationTables } from "./migrations/0009-registration-token-reservations.ts";

/** All tables as Kysely sees them; each area's types stand beside its DDL. */
export interface Tables
  extends
    AccountTables,
    TokenTables,
    ThreepidTables,
    RegistrationTables,
    IdentityAccountTables,
    AssociationTables,
    InviteTables,
    ServerStateTables,
    RegistrationTokenReservationTables {}
