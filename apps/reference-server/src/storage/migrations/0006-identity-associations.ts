import type { Migration } from "../migrate.ts";
import { validationSessionColumns } from "../validation-sessions.ts";
import type { ValidationSessionTable } from "../validation-sessions.ts";

export interface AssociationTables {
  is_validation_sessions: ValidationSessionTable;
  is_associations: AssociationTable;
  is_peppers: PepperTable;
}

/** A published association; binding an address again replaces it. */
export interface AssociationTable {
  medium: string;
  address: string;
  user_id: string;
  ts: number;
  not_before: number;
  not_after: number;
  /** Of "address medium pepper" with the current pepper; recomputed for all rows when the pepper rotates. */
  lookup_hash: string;
}

/** The newest one is current: https://spec.matrix.org/v1.19/identity-service-api/#hash_details */
export interface PepperTable {
  pepper: string;
  created_at: number;
}

export const identityAssociations: Migration = {
  id: "0006-identity-associations",
  script: `
create table is_validation_sessions (${validationSessionColumns});
create table is_associations (
  medium text not null,
  address text not null,
  user_id text not null,
  ts bigint not null,
  not_before bigint not null,
  not_after bigint not null,
  lookup_hash text not null,
  primary key (medium, address)
);
create index is_associations_lookup_hash on is_associations (lookup_hash);
create table is_peppers (
  pepper text not null primary key,
  created_at bigint not null
)`,
};
