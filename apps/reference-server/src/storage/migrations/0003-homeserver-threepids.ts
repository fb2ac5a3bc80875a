import type { Migration } from "../migrate.ts";
import { validationSessionColumns } from "../validation-sessions.ts";
import type { ValidationSessionTable } from "../validation-sessions.ts";

export interface ThreepidTables {
  hs_threepids: ThreepidTable;
  hs_threepid_bindings: ThreepidBindingTable;
  hs_validation_sessions: ValidationSessionTable;
}

/** A third-party identifier belongs to one account at most. */
export interface ThreepidTable {
  medium: string;
  /** Canonical: lower-cased email, E.164 number without `+`. */
  address: string;
  user_id: string;
  validated_at: number;
  added_at: number;
}

/** Where the homeserver published an association, so that unbind without `id_server` finds it. */
export interface ThreepidBindingTable {
  medium: string;
  address: string;
  user_id: string;
  id_server: string;
  bound_at: number;
}

export const homeserverThreepids: Migration = {
  id: "0003-homeserver-threepids",
  script: `
create table hs_threepids (
  medium text not null,
  address text not null,
  user_id text not null references hs_users (user_id),
  validated_at bigint not null,
  added_at bigint not null,
  primary key (medium, address)
);
create index hs_threepids_user on hs_threepids (user_id);
create table hs_threepid_bindings (
  medium text not null,
  address text not null,
  user_id text not null references hs_users (user_id),
  id_server text not null,
  bound_at bigint not null,
  primary key (user_id, medium, address, id_server)
);
create table hs_validation_sessions (${validationSessionColumns})`,
};
