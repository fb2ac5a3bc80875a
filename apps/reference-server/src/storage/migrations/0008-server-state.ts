import type { Migration } from "../migrate.ts";

/** What both servers keep for themselves, each in its own tables. */
export interface ServerStateTables {
  hs_signing_keys: SigningKeyTable;
  is_signing_keys: SigningKeyTable;
  hs_rate_limits: RateLimitTable;
  is_rate_limits: RateLimitTable;
}

export interface SigningKeyTable {
  key_id: string;
  /** 32 bytes, unpadded base64. */
  seed: string;
  created_at: number;
}

export interface RateLimitTable {
  /** What is limited and whom: `login:@alice:localhost`. */
  bucket: string;
  used: number;
  window_started_at: number;
}

export const serverState: Migration = {
  id: "0008-server-state",
  script: ["hs", "is"]
    .map(
      (server) => `
create table ${server}_signing_keys (
  key_id text not null primary key,
  seed text not null,
  created_at bigint not null
);
create table ${server}_rate_limits (
  bucket text not null primary key,
  used integer not null,
  window_started_at bigint not null
)`,
    )
    .join(";"),
};
