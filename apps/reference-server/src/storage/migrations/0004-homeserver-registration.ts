import type { Migration } from "../migrate.ts";

export interface RegistrationTables {
  hs_uia_sessions: UiaSessionTable;
  hs_registration_tokens: RegistrationTokenTable;
  hs_terms_acceptances: TermsAcceptanceTable;
}

/** A user-interactive auth session: https://spec.matrix.org/v1.19/client-server-api/#user-interactive-authentication-api */
export interface UiaSessionTable {
  /** Whoever holds the ID can finish the session, so only its hash is stored. */
  session_id_hash: string;
  /** Compared and set with each update, so that an operation runs once however many final requests arrive. */
  revision: number;
  state: "open" | "executing" | "done";
  /** The session as JSON, sealed with its ID (crypto/seal.ts): a stored result may contain an access token. */
  record: string;
  created_at: number;
  used_at: number;
}

/** https://spec.matrix.org/v1.19/client-server-api/#token-authenticated-registration */
export interface RegistrationTokenTable {
  token: string;
  /** Null: unlimited. */
  uses_allowed: number | null;
  uses_pending: number;
  uses_completed: number;
  expires_at: number | null;
}

export interface TermsAcceptanceTable {
  user_id: string;
  policy: string;
  version: string;
  accepted_at: number;
}

export const homeserverRegistration: Migration = {
  id: "0004-homeserver-registration",
  script: `
create table hs_uia_sessions (
  session_id_hash text not null primary key,
  revision integer not null,
  state text not null,
  record text not null,
  created_at bigint not null,
  used_at bigint not null
);
create index hs_uia_sessions_used_at on hs_uia_sessions (used_at);
create table hs_registration_tokens (
  token text not null primary key,
  uses_allowed integer,
  uses_pending integer not null,
  uses_completed integer not null,
  expires_at bigint
);
create table hs_terms_acceptances (
  user_id text not null references hs_users (user_id),
  policy text not null,
  version text not null,
  accepted_at bigint not null,
  primary key (user_id, policy, version)
)`,
};
