import type { Migration } from "../migrate.ts";

export interface MediaTables {
  hs_media: MediaTable;
  hs_url_previews: UrlPreviewTable;
}

/** A content URI of ours, without a file from its creation to its upload; or a copy of another server's, named by both. */
export interface MediaTable {
  media_id: string;
  /** Who uploads; null for what the server has fetched itself, such as the image of a preview. */
  user_id: string | null;
  created_at: number;
  /** Until when it must be uploaded, or is kept at all; null: for ever. */
  expires_at: number | null;
  /** This and the rest are null until the upload. */
  uploaded_at: number | null;
  /** Its name in the folder, which is not the media ID: of two uploads that race, the row says which one it is. */
  file: string | null;
  size: number | null;
  content_type: string | null;
  /** Also null where it was uploaded under no name. */
  file_name: string | null;
}

/** What a page said of itself at some time. */
export interface UrlPreviewTable {
  url: string;
  fetched_at: number;
  /** JSON, as it is answered. */
  preview: string;
}

export const media: Migration = {
  id: "0016-media",
  script: `
create table hs_media (
  media_id text not null primary key,
  user_id text,
  created_at bigint not null,
  expires_at bigint,
  uploaded_at bigint,
  file text unique,
  size bigint,
  content_type text,
  file_name text
);
create index hs_media_user on hs_media (user_id, uploaded_at);
create index hs_media_expiry on hs_media (expires_at);
create table hs_url_previews (
  url text not null,
  fetched_at bigint not null,
  preview text not null,
  primary key (url, fetched_at)
)`,
};
