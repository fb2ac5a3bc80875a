import type { Migration } from "../migrate.ts";

export interface TimelineTables {
  hs_relations: RelationTable;
  hs_filters: FilterTable;
  hs_receipts: ReceiptTable;
  hs_typing: TypingTable;
  hs_lazy_members: LazyMemberTable;
  hs_search_words: SearchWordTable;
}

/** Which event of a room relates to which other one of it; gone when it is redacted. */
export interface RelationTable {
  event_id: string;
  room_id: string;
  depth: number;
  relates_to: string;
  rel_type: string;
  type: string;
  sender: string;
  origin_server_ts: number;
  /** Whether it is an edit that counts: of the same sender and type, with new content. */
  is_edit: 0 | 1;
  /** Of reactions. */
  annotation_key: string | null;
}

/** The ID is made of the filter, so that the same one is stored once. */
export interface FilterTable {
  user_id: string;
  filter_id: string;
  json: string;
}

export interface ReceiptTable {
  room_id: string;
  user_id: string;
  receipt_type: "m.read" | "m.read.private";
  /** A root, `main`, or empty where the receipt counts for the whole room. */
  thread_id: string;
  event_id: string;
  /** Of the event. */
  depth: number;
  ts: number;
}

export interface TypingTable {
  room_id: string;
  user_id: string;
  expires_at: number;
}

/** Which member events a device has been sent, where it loads members lazily. */
export interface LazyMemberTable {
  user_id: string;
  device_id: string;
  room_id: string;
  member_event_id: string;
  /** The position at which the response ended: who comes back with it has got the response. */
  sent_at: number;
}

export interface SearchWordTable {
  word: string;
  event_id: string;
  room_id: string;
  depth: number;
  /** Where the word stands: `content.body`, for instance. */
  field: string;
  /** What part of the text it makes up. */
  weight: number;
}

const ofDevice = "foreign key (user_id, device_id) references hs_devices (user_id, device_id) on delete cascade";

export const timeline: Migration = {
  id: "0013-timeline",
  script: `
create index hs_events_replaced on hs_events (room_id, replaced_at) where replaced_at is not null;
create index hs_events_time on hs_events (room_id, origin_server_ts);
create table hs_relations (
  event_id text not null primary key,
  room_id text not null,
  depth bigint not null,
  relates_to text not null,
  rel_type text not null,
  type text not null,
  sender text not null,
  origin_server_ts bigint not null,
  is_edit integer not null,
  annotation_key text
);
create index hs_relations_target on hs_relations (relates_to, rel_type, depth);
create index hs_relations_room on hs_relations (room_id, rel_type, relates_to, depth);
create table hs_filters (
  user_id text not null,
  filter_id text not null,
  json text not null,
  primary key (user_id, filter_id)
);
create table hs_receipts (
  room_id text not null,
  user_id text not null,
  receipt_type text not null,
  thread_id text not null,
  event_id text not null,
  depth bigint not null,
  ts bigint not null,
  primary key (room_id, user_id, receipt_type, thread_id)
);
create table hs_typing (
  room_id text not null,
  user_id text not null,
  expires_at bigint not null,
  primary key (room_id, user_id)
);
create index hs_typing_expiry on hs_typing (expires_at);
create table hs_lazy_members (
  user_id text not null,
  device_id text not null,
  room_id text not null,
  member_event_id text not null,
  sent_at bigint not null,
  primary key (user_id, device_id, room_id, member_event_id),
  ${ofDevice}
);
create table hs_search_words (
  word text not null,
  event_id text not null,
  room_id text not null,
  depth bigint not null,
  field text not null,
  weight double precision not null,
  primary key (word, room_id, depth, field)
);
create index hs_search_words_event on hs_search_words (event_id)`,
};
