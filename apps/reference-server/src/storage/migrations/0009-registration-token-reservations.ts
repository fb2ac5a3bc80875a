import type { Migration } from "../migrate.ts";

export interface RegistrationTokenReservationTables {
  hs_registration_token_reservations: RegistrationTokenReservationTable;
}

/** A use of a token that is pending: who it is set aside for, so that it is counted once, and given back if need be. */
export interface RegistrationTokenReservationTable {
  /** As in `hs_uia_sessions`; no foreign key, because a session's row is gone before its uses are given back. */
  session_id_hash: string;
  token: string;
  reserved_at: number;
}

export const registrationTokenReservations: Migration = {
  id: "0009-registration-token-reservations",
  script: `
create table hs_registration_token_reservations (
  session_id_hash text not null,
  token text not null references hs_registration_tokens (token),
  reserved_at bigint not null,
  primary key (session_id_hash, token)
)`,
};
