import type { AdministrationTables } from "./migrations/0017-administration.ts";
import type { OutsidePartyTables } from "./migrations/0018-outside-parties.ts";
import type { SearchHeadTables } from "./migrations/0019-search-head.ts";
import type { AccountTables } from "./migrations/0001-homeserver-accounts.ts";
import type { TokenTables } from "./migrations/0002-homeserver-tokens.ts";
import type { ThreepidTables } from "./migrations/0003-homeserver-threepids.ts";
import type { RegistrationTables } from "./migrations/0004-homeserver-registration.ts";
import type { IdentityAccountTables } from "./migrations/0005-identity-accounts.ts";
import type { AssociationTables } from "./migrations/0006-identity-associations.ts";
import type { InviteTables } from "./migrations/0007-identity-invites.ts";
import type { ServerStateTables } from "./migrations/0008-server-state.ts";
import type { RegistrationTokenReservationTables } from "./migrations/0009-registration-token-reservations.ts";
import type { StreamTables } from "./migrations/0011-stream.ts";
import type { RoomTables } from "./migrations/0012-rooms.ts";
import type { TimelineTables } from "./migrations/0013-timeline.ts";
import type { UserDataTables } from "./migrations/0014-user-data.ts";
import type { EncryptionTables } from "./migrations/0015-encryption.ts";
import type { MediaTables } from "./migrations/0016-media.ts";

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
    RegistrationTokenReservationTables,
    StreamTables,
    RoomTables,
    TimelineTables,
    UserDataTables,
    EncryptionTables,
    MediaTables,
    AdministrationTables,
    OutsidePartyTables,
    SearchHeadTables {}
