/** A requestToken session; homeserver and identity server keep the same kind: https://spec.matrix.org/v1.19/identity-service-api/#establishing-associations */
export interface ValidationSessionTable {
  sid: string;
  medium: string;
  address: string;
  client_secret: string;
  /** What the session may be used for, in the server's own words: one asked for a password reset adds no 3PID. */
  purpose: string;
  /** The code or the link's token, kept to be compared and sent again; it dies with the session. */
  token: string;
  send_attempt: number;
  next_link: string | null;
  failed_attempts: number;
  created_at: number;
  /** Last change: `M_SESSION_EXPIRED` counts from here. */
  changed_at: number;
  validated_at: number | null;
}

export const validationSessionColumns = `
  sid text not null primary key,
  medium text not null,
  address text not null,
  client_secret text not null,
  purpose text not null,
  token text not null,
  send_attempt bigint not null,
  next_link text,
  failed_attempts integer not null,
  created_at bigint not null,
  changed_at bigint not null,
  validated_at bigint,
  unique (purpose, medium, address, client_secret)
`;
