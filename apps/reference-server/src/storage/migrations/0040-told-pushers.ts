import type { Migration } from "../migrate.ts";

/** Adds `told_unread` to `hs_pushers`: see {@link PusherTable} in 0014. */
export const toldPushers: Migration = {
  id: "0040-told-pushers",
  script: "alter table hs_pushers add column told_unread integer not null default 0",
};
