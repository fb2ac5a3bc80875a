import type { Migration } from "../migrate.ts";

export interface InviteTables {
  is_invites: InviteTable;
}

/** An invitation stored for an address that no account has yet: https://spec.matrix.org/v1.19/identity-service-api/#invitation-storage */
export interface InviteTable {
  token: string;
  medium: string;
  address: string;
  room_id: string;
  sender: string;
  /** The optional room and sender descriptions, as JSON. */
  details: string;
  display_name: string;
  /** Its private half is in the mail only. */
  ephemeral_public_key: string;
  created_at: number;
  /** When the homeserver of the account that bound the address took the call to `/3pid/onbind`. */
  delivered_at: number | null;
  delivery_attempts: number;
}

export const identityInvites: Migration = {
  id: "0007-identity-invites",
  script: `
create table is_invites (
  token text not null primary key,
  medium text not null,
  address text not null,
  room_id text not null,
  sender text not null,
  details text not null,
  display_name text not null,
  ephemeral_public_key text not null unique,
  created_at bigint not null,
  delivered_at bigint,
  delivery_attempts integer not null
);
create index is_invites_address on is_invites (medium, address)`,
};
