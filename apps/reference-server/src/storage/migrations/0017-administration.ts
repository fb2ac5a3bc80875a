import type { Migration } from "../migrate.ts";

export interface AdministrationTables {
  hs_account_moderation: AccountModerationTable;
  hs_reports: ReportTable;
}

/** Users whom an administrator has locked or suspended; all others have no row. */
export interface AccountModerationTable {
  user_id: string;
  locked: 0 | 1;
  suspended: 0 | 1;
}

/** What users have reported, for whoever runs the server to read. */
export interface ReportTable {
  report_id: string;
  reporter: string;
  reported_at: number;
  room_id: string | null;
  event_id: string | null;
  user_id: string | null;
  reason: string;
}

export const administration: Migration = {
  id: "0017-administration",
  script: `
create table hs_account_moderation (
  user_id text not null primary key references hs_users (user_id),
  locked integer not null,
  suspended integer not null
);
create table hs_reports (
  report_id text not null primary key,
  reporter text not null,
  reported_at bigint not null,
  room_id text,
  event_id text,
  user_id text,
  reason text not null
)`,
};
