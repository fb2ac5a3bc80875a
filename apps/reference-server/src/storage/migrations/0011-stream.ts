import type { Migration } from "../migrate.ts";
import type { StreamKind } from "../stream-entry.ts";

export interface StreamTables {
  hs_stream: StreamTable;
  hs_stream_head: StreamHeadTable;
}

/** What has happened, in the order in which it was committed. */
export interface StreamTable {
  position: number;
  kind: StreamKind;
  room_id: string | null;
  user_id: string | null;
  device_id: string | null;
  /** Which one: an event's ID, a type of account data, a message to a device. */
  reference: string | null;
}

/** One row: the last position. */
export interface StreamHeadTable {
  position: number;
}

export const stream: Migration = {
  id: "0011-stream",
  script: `
create table hs_stream (
  position bigint not null primary key,
  kind text not null,
  room_id text,
  user_id text,
  device_id text,
  reference text
);
create index hs_stream_room on hs_stream (room_id, kind, position);
create index hs_stream_user on hs_stream (user_id, kind, position) where user_id is not null;
create index hs_stream_reference on hs_stream (reference);
create table hs_stream_head (position bigint not null);
insert into hs_stream_head (position) values (0)`,
};
