import type { Migration } from "../migrate.ts";

export interface TokenTables {
  hs_access_tokens: AccessTokenTable;
  hs_refresh_tokens: RefreshTokenTable;
  hs_login_tokens: LoginTokenTable;
  hs_openid_tokens: OpenIdTokenTable;
}

/** Gone with its device; an expired row stays, so that its owner is told to refresh (`soft_logout`), not to start over. */
export interface AccessTokenTable {
  token_hash: string;
  user_id: string;
  device_id: string;
  created_at: number;
  /** Null: lives until logout. */
  expires_at: number | null;
  /** The refresh token that was issued together with it. */
  refresh_token_hash: string | null;
  /** First use of this token ends its predecessors: https://spec.matrix.org/v1.19/client-server-api/#refreshing-access-tokens */
  first_used_at: number | null;
  /** Who has issued it, and is asked again when it expires here; null: we have. */
  provider_id: string | null;
}

export interface RefreshTokenTable {
  token_hash: string;
  user_id: string;
  device_id: string;
  created_at: number;
  expires_at: number | null;
  /** The rotation chain: what a refresh gave in exchange; it may be repeated until that one is used. */
  replaced_by_hash: string | null;
}

export interface LoginTokenTable {
  token_hash: string;
  user_id: string;
  created_at: number;
  expires_at: number;
  used_at: number | null;
}

export interface OpenIdTokenTable {
  token_hash: string;
  user_id: string;
  created_at: number;
  expires_at: number;
}

export const homeserverTokens: Migration = {
  id: "0002-homeserver-tokens",
  script: `
create table hs_refresh_tokens (
  token_hash text not null primary key,
  user_id text not null,
  device_id text not null,
  created_at bigint not null,
  expires_at bigint,
  replaced_by_hash text,
  foreign key (user_id, device_id) references hs_devices (user_id, device_id) on delete cascade
);
create index hs_refresh_tokens_device on hs_refresh_tokens (user_id, device_id);
create table hs_access_tokens (
  token_hash text not null primary key,
  user_id text not null,
  device_id text not null,
  created_at bigint not null,
  expires_at bigint,
  refresh_token_hash text,
  first_used_at bigint,
  foreign key (user_id, device_id) references hs_devices (user_id, device_id) on delete cascade
);
create index hs_access_tokens_device on hs_access_tokens (user_id, device_id);
create index hs_access_tokens_refresh_token on hs_access_tokens (refresh_token_hash);
create table hs_login_tokens (
  token_hash text not null primary key,
  user_id text not null references hs_users (user_id),
  created_at bigint not null,
  expires_at bigint not null,
  used_at bigint
);
create table hs_openid_tokens (
  token_hash text not null primary key,
  user_id text not null references hs_users (user_id),
  created_at bigint not null,
  expires_at bigint not null
)`,
};
