import type { Generated } from "kysely";
import type { Migration } from "../migrate.ts";

export interface AccountTables {
  hs_users: UserTable;
  hs_devices: DeviceTable;
}

export interface UserTable {
  /** Full: `@localpart:server`. */
  user_id: string;
  /** As it was registered; taken for ever, also after deactivation. */
  localpart: string;
  /** Null for guests and for accounts that cannot log in by password. */
  password_hash: string | null;
  is_guest: 0 | 1;
  display_name: string | null;
  created_at: number;
  deactivated_at: number | null;
  /** Since 0010. Grows when a credential ends, so that what was shown by it before can be told from what counts. */
  credential_generation: Generated<number>;
}

export interface DeviceTable {
  user_id: string;
  device_id: string;
  display_name: string | null;
  created_at: number;
  last_seen_at: number | null;
  last_seen_ip: string | null;
}

export const homeserverAccounts: Migration = {
  id: "0001-homeserver-accounts",
  script: `
create table hs_users (
  user_id text not null primary key,
  localpart text not null unique,
  password_hash text,
  is_guest integer not null,
  display_name text,
  created_at bigint not null,
  deactivated_at bigint
);
create table hs_devices (
  user_id text not null references hs_users (user_id),
  device_id text not null,
  display_name text,
  created_at bigint not null,
  last_seen_at bigint,
  last_seen_ip text,
  primary key (user_id, device_id)
)`,
};
