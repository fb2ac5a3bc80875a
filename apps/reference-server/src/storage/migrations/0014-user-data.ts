import type { Generated } from "kysely";
import type { Migration } from "../migrate.ts";

export interface UserDataTables {
  hs_account_data: AccountDataTable;
  hs_profile_fields: ProfileFieldTable;
  hs_presence: PresenceTable;
  hs_push_rules: PushRulesTable;
  hs_notified_members: NotifiedMemberTable;
  hs_thread_reads: ThreadReadTable;
  hs_room_notifications: RoomNotificationTable;
  hs_user_notifications: UserNotificationTable;
  hs_pushers: PusherTable;
  hs_push_queue: PushQueueTable;
}

export interface AccountDataTable {
  user_id: string;
  /** Empty for what belongs to no room. */
  room_id: string;
  type: string;
  /** JSON. */
  content: string;
}

export interface ProfileFieldTable {
  user_id: string;
  name: string;
  /** JSON. */
  value: string;
  /** Of the display name only: in lower case, as it is looked for. */
  folded: string | null;
}

export interface PresenceTable {
  user_id: string;
  /** What a client has said last. */
  wanted: "online" | "unavailable" | "offline";
  status_msg: string | null;
  last_active_at: number;
  /** When the user is taken to be gone, if nothing is heard until then. */
  connected_until: number;
  /** When others will have to be told, because time has passed; null: never. */
  changes_at: number | null;
}

/** What a user has changed; there is no row for those who go by the server's rules. */
export interface PushRulesTable {
  user_id: string;
  /** JSON of `OwnPushRules`. */
  rules: string;
}

/** Who is joined to a room, since when, and how much of it they have read. */
export interface NotifiedMemberTable {
  user_id: string;
  room_id: string;
  joined_depth: number;
  /** Without regard to threads; never below `joined_depth`. */
  read_depth: number;
  /** Has rules, pushers or ignored users of their own, so that each event is looked at for them. */
  is_individual: 0 | 1;
}

export interface ThreadReadTable {
  user_id: string;
  room_id: string;
  /** The root's event ID, or `main`. */
  thread_id: string;
  read_depth: number;
}

/** Events that notify all members who go by the server's rules, but for the sender. */
export interface RoomNotificationTable {
  room_id: string;
  depth: number;
  event_id: string;
  thread_id: string;
  sender: string;
  ts: number;
  highlight: 0 | 1;
  /** JSON. */
  actions: string;
}

/** What an event does for one user, where that is not what it does for all. */
export interface UserNotificationTable {
  user_id: string;
  room_id: string;
  depth: number;
  event_id: string;
  thread_id: string;
  ts: number;
  /** 0: it does nothing for this user, whatever it does for others. */
  notify: 0 | 1;
  highlight: 0 | 1;
  /** JSON. */
  actions: string;
}

export interface PusherTable {
  user_id: string;
  app_id: string;
  pushkey: string;
  kind: "http" | "email";
  app_display_name: string;
  device_display_name: string;
  profile_tag: string | null;
  lang: string;
  /** JSON. */
  data: string;
  /** Of the session that has set it, with which it goes; null for an application service's, which has none. */
  device_id: string | null;
  /** When the pushkey was set. */
  set_at: number;
  /** The count that it shows as far as we know. */
  told_unread: Generated<number>;
}

/** What is still to be told to a pusher. */
export interface PushQueueTable {
  id: string;
  user_id: string;
  app_id: string;
  pushkey: string;
  /** Null where the pusher is told of nothing but the counts. */
  event_id: string | null;
  /** JSON of the actions. */
  actions: string;
  queued_at: number;
  /** Who sends it moves this forward first, so that no other process does. */
  next_attempt_at: number;
  attempts: number;
}

export const userData: Migration = {
  id: "0014-user-data",
  script: `
create table hs_account_data (
  user_id text not null,
  room_id text not null,
  type text not null,
  content text not null,
  primary key (user_id, room_id, type)
);
create table hs_profile_fields (
  user_id text not null,
  name text not null,
  value text not null,
  folded text,
  primary key (user_id, name)
);
create table hs_presence (
  user_id text not null primary key,
  wanted text not null,
  status_msg text,
  last_active_at bigint not null,
  connected_until bigint not null,
  changes_at bigint
);
create index hs_presence_changes on hs_presence (changes_at);
create table hs_push_rules (
  user_id text not null primary key,
  rules text not null
);
create table hs_notified_members (
  user_id text not null,
  room_id text not null,
  joined_depth bigint not null,
  read_depth bigint not null,
  is_individual integer not null,
  primary key (user_id, room_id)
);
create index hs_notified_members_individual on hs_notified_members (room_id) where is_individual = 1;
create table hs_thread_reads (
  user_id text not null,
  room_id text not null,
  thread_id text not null,
  read_depth bigint not null,
  primary key (user_id, room_id, thread_id)
);
create table hs_room_notifications (
  room_id text not null,
  depth bigint not null,
  event_id text not null,
  thread_id text not null,
  sender text not null,
  ts bigint not null,
  highlight integer not null,
  actions text not null,
  primary key (room_id, depth)
);
create table hs_user_notifications (
  user_id text not null,
  room_id text not null,
  depth bigint not null,
  event_id text not null,
  thread_id text not null,
  ts bigint not null,
  notify integer not null,
  highlight integer not null,
  actions text not null,
  primary key (user_id, room_id, depth)
);
create table hs_pushers (
  user_id text not null,
  app_id text not null,
  pushkey text not null,
  kind text not null,
  app_display_name text not null,
  device_display_name text not null,
  profile_tag text,
  lang text not null,
  data text not null,
  device_id text,
  set_at bigint not null,
  primary key (user_id, app_id, pushkey),
  foreign key (user_id, device_id) references hs_devices (user_id, device_id) on delete cascade
);
create index hs_pushers_device on hs_pushers (user_id, device_id);
create table hs_push_queue (
  id text not null primary key,
  user_id text not null,
  app_id text not null,
  pushkey text not null,
  event_id text,
  actions text not null,
  queued_at bigint not null,
  next_attempt_at bigint not null,
  attempts integer not null,
  foreign key (user_id, app_id, pushkey) references hs_pushers (user_id, app_id, pushkey) on delete cascade
);
create index hs_push_queue_due on hs_push_queue (next_attempt_at);
create index hs_push_queue_pusher on hs_push_queue (user_id, app_id, pushkey);
create index hs_memberships_room on hs_memberships (room_id, membership)`,
};
