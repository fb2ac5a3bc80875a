import type { Migration } from "../migrate.ts";

export interface IdentityAccountTables {
  is_tokens: IdentityTokenTable;
  is_terms_acceptances: IdentityTermsAcceptanceTable;
}

/** A user of the identity server is known by a token alone: https://spec.matrix.org/v1.19/identity-service-api/#authentication */
export interface IdentityTokenTable {
  token_hash: string;
  user_id: string;
  created_at: number;
}

/** One accepted URL counts for all languages of its policy in this version. */
export interface IdentityTermsAcceptanceTable {
  user_id: string;
  policy: string;
  version: string;
  url: string;
  accepted_at: number;
}

export const identityAccounts: Migration = {
  id: "0005-identity-accounts",
  script: `
create table is_tokens (
  token_hash text not null primary key,
  user_id text not null,
  created_at bigint not null
);
create table is_terms_acceptances (
  user_id text not null,
  policy text not null,
  version text not null,
  url text not null,
  accepted_at bigint not null,
  primary key (user_id, policy, version, url)
)`,
};
