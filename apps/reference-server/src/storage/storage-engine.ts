import type { Dialect } from "kysely";

/** What a database has to offer beside queries; PostgreSQL will be the second one. */
export interface StorageEngine {
  readonly dialect: Dialect;
  /** Runs several statements at once, without parameters: migrations. */
  executeScript(script: string): Promise<void>;
  /** Commits when `work` resolves, rolls back when it throws; queries in its asynchronous context belong to it. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
}
