import type { Migration } from "../migrate.ts";

export interface OutsidePartyTables {
  hs_application_services: ApplicationServiceTable;
  hs_network_rooms: NetworkRoomTable;
  hs_sso_attempts: SsoAttemptTable;
  hs_sso_accounts: SsoAccountTable;
}

/** How far each application service has been told of the stream, and who tells it. */
export interface ApplicationServiceTable {
  service_id: string;
  /** It knows of everything up to here. */
  position: number;
  /** The transaction that it has not confirmed yet, which is sent as it is until it does; null where there is none. */
  transaction_id: string | null;
  body: string | null;
  up_to: number | null;
  retry_at: number | null;
  failures: number;
  /** The process that sends, until when nobody else may. */
  lease_owner: string | null;
  lease_until: number;
}

/** Rooms that application services list in the directories of third-party networks. */
export interface NetworkRoomTable {
  service_id: string;
  network_id: string;
  room_id: string;
}

/** Browsers that have been sent to a provider of single sign-on. */
export interface SsoAttemptTable {
  state_hash: string;
  /** Of the cookie, so that only the same browser comes back. */
  browser_hash: string;
  provider_id: string;
  /** The secret behind the challenge of PKCE. */
  verifier: string;
  /** Null where it is for user-interactive auth. */
  redirect_url: string | null;
  uia_session: string | null;
  expires_at: number;
}

/** Who has come by single sign-on, by the name that the provider has for them. */
export interface SsoAccountTable {
  provider_id: string;
  subject: string;
  user_id: string;
}

export const outsideParties: Migration = {
  id: "0018-outside-parties",
  script: `
create table hs_application_services (
  service_id text not null primary key,
  position bigint not null,
  transaction_id text,
  body text,
  up_to bigint,
  retry_at bigint,
  failures integer not null,
  lease_owner text,
  lease_until bigint not null
);
create table hs_network_rooms (
  service_id text not null,
  network_id text not null,
  room_id text not null,
  primary key (service_id, network_id, room_id)
);
create index hs_network_rooms_network on hs_network_rooms (network_id);
create table hs_sso_attempts (
  state_hash text not null primary key,
  browser_hash text not null,
  provider_id text not null,
  verifier text not null,
  redirect_url text,
  uia_session text,
  expires_at bigint not null
);
create table hs_sso_accounts (
  provider_id text not null,
  subject text not null,
  user_id text not null references hs_users (user_id),
  primary key (provider_id, subject)
);
create index hs_sso_accounts_user on hs_sso_accounts (user_id)`,
};
