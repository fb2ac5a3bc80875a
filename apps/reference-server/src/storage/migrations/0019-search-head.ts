import type { Migration } from "../migrate.ts";

export interface SearchHeadTables {
  hs_search_head: SearchHeadTable;
}

/** One row: everything up to this position of the stream has its words in the index. */
export interface SearchHeadTable {
  position: number;
}

export const searchHead: Migration = {
  id: "0019-search-head",
  script: `
create table hs_search_head (position bigint not null);
insert into hs_search_head (position) select position from hs_stream_head`,
};
