import type { Migration } from "../migrate.ts";

/** Adds `credential_generation` to `hs_users`: see {@link UserTable} in 0001. */
export const credentialGenerations: Migration = {
  id: "0010-credential-generations",
  script: "alter table hs_users add column credential_generation integer not null default 0",
};
