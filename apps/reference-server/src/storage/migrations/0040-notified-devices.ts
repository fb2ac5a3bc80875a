import type { Migration } from "../migrate.ts";

/** Adds `told_unread` to `hs_pushers` (see {@link PusherTable} in 0014), and finds who has been in a room for longest. */
export const notifiedDevices: Migration = {
  id: "0040-notified-devices",
  script: `
alter table hs_pushers add column told_unread integer not null default 0;
create index hs_notified_members_room on hs_notified_members (room_id, joined_depth)`,
};
