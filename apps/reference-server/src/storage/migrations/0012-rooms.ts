import type { Migration } from "../migrate.ts";

export interface RoomTables {
  hs_rooms: RoomTable;
  hs_events: EventTable;
  hs_memberships: MembershipTable;
  hs_room_aliases: RoomAliasTable;
}

/** One server has all of a room, so that its events are a line: each has the one before it as its only parent. */
export interface RoomTable {
  room_id: string;
  version: string;
  creator: string;
  created_at: number;
  /** Of the newest event, which is `last_event_id`. */
  depth: number;
  last_event_id: string;
  /** Counted here, because every event of a room asks for it. */
  joined_members: number;
  /** Listed in the directory of rooms. */
  is_public: 0 | 1;
}

export interface EventTable {
  event_id: string;
  room_id: string;
  depth: number;
  type: string;
  /** Null for what is no state. */
  state_key: string | null;
  sender: string;
  origin_server_ts: number;
  /** The event as a server would send it to others, without `unsigned`; what a redaction leaves, once there is one. */
  json: string;
  redacts: string | null;
  redacted_by: string | null;
  /** State only: the depth of the event that took its place. State at a depth is what had not been replaced by then. */
  replaced_at: number | null;
  /** Of the request that sent it. */
  device_id: string | null;
  txn_id: string | null;
  /** The request's path without the transaction ID. */
  txn_endpoint: string | null;
}

/** Each user's latest membership event of each room. */
export interface MembershipTable {
  room_id: string;
  user_id: string;
  membership: "join" | "invite" | "leave" | "ban" | "knock";
  event_id: string;
  depth: number;
  /** Who made it so: the inviter, who kicked, or the user. */
  sender: string;
  /** The user does not want to hear of the room any more. */
  forgotten: 0 | 1;
}

export interface RoomAliasTable {
  alias: string;
  room_id: string;
  creator: string;
  created_at: number;
}

export const rooms: Migration = {
  id: "0012-rooms",
  script: `
create table hs_rooms (
  room_id text not null primary key,
  version text not null,
  creator text not null,
  created_at bigint not null,
  depth bigint not null,
  last_event_id text not null,
  joined_members bigint not null,
  is_public integer not null
);
create index hs_rooms_creator on hs_rooms (creator, created_at);
create index hs_rooms_public on hs_rooms (room_id) where is_public = 1;
create table hs_events (
  event_id text not null primary key,
  room_id text not null,
  depth bigint not null,
  type text not null,
  state_key text,
  sender text not null,
  origin_server_ts bigint not null,
  json text not null,
  redacts text,
  redacted_by text,
  replaced_at bigint,
  device_id text,
  txn_id text,
  txn_endpoint text
);
create unique index hs_events_depth on hs_events (room_id, depth);
create index hs_events_state on hs_events (room_id, type, state_key, depth) where state_key is not null;
create index hs_events_state_depth on hs_events (room_id, depth) where state_key is not null;
create unique index hs_events_current_state on hs_events (room_id, type, state_key)
  where state_key is not null and replaced_at is null;
create unique index hs_events_transaction on hs_events (sender, device_id, txn_endpoint, txn_id)
  where txn_id is not null;
create table hs_memberships (
  room_id text not null,
  user_id text not null,
  membership text not null,
  event_id text not null,
  depth bigint not null,
  sender text not null,
  forgotten integer not null,
  primary key (room_id, user_id)
);
create index hs_memberships_user on hs_memberships (user_id, membership);
create table hs_room_aliases (
  alias text not null primary key,
  room_id text not null,
  creator text not null,
  created_at bigint not null
);
create index hs_room_aliases_room on hs_room_aliases (room_id)`,
};
