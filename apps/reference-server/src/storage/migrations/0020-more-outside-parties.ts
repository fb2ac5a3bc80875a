import type { Migration } from "../migrate.ts";

/**
 * Adds `told_unread` to `hs_pushers` (see {@link PusherTable} in 0014) and `provider_id` to `hs_access_tokens`
 * ({@link AccessTokenTable} in 0002), and finds who has been in a room for longest.
 */
export const moreOutsideParties: Migration = {
  id: "0020-more-outside-parties",
  script: `
alter table hs_pushers add column told_unread integer not null default 0;
alter table hs_access_tokens add column provider_id text;
create index hs_notified_members_room on hs_notified_members (room_id, joined_depth)`,
};
