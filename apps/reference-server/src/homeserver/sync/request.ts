import type { SessionOwner } from "../home.ts";
import type { Filter } from "../timeline/event-filter.ts";
import type { Viewer } from "../timeline/viewer.ts";
import type { Entries } from "./news.ts";

/** What one response of `/sync` is made of, and of nothing later: the same request has the same answer. */
export interface SyncRequest {
  readonly user: SessionOwner;
  readonly viewer: Viewer;
  /** Where the response before ended; undefined for the first one. */
  readonly since: number | undefined;
  readonly upTo: number;
  /** What lies between, if it is known. */
  readonly entries: Entries;
  readonly filter: Filter;
  readonly fullState: boolean;
  readonly useStateAfter: boolean;
}
