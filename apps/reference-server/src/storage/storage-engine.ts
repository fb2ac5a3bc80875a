import type { CompiledQuery, Dialect, QueryResult } from "kysely";
import type { StreamEntry } from "./stream-entry.ts";

/** What SQLite and PostgreSQL each bring beside queries. */
export interface StorageEngine {
  readonly dialect: Dialect;
  /** What the dialect does with a query once it is compiled. */
  execute<R>(query: CompiledQuery): Promise<QueryResult<R>>;
  /** Runs several statements at once, without parameters, inside of a transaction: migrations. */
  executeScript(script: string): Promise<void>;
  /** Commits when `work` resolves, rolls back when it throws; queries in its asynchronous context belong to it. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  /** Adds to the stream with the transaction the caller is in. */
  append(entry: StreamEntry): void;
  /** Resolves with the next commit that has added to the stream, of this process or, as a hint, of another; or in time. */
  nextCommit(timeoutMs: number): Promise<void>;
  /** Where all of the database can be taken, and put back, in milliseconds: SQLite. */
  readonly snapshots?: DatabaseSnapshots;
}

/** Both take their turn between transactions. */
export interface DatabaseSnapshots {
  take(): Promise<Uint8Array>;
  /** The positions of the stream go on from where they are, so that none is ever given twice. */
  restore(snapshot: Uint8Array): Promise<void>;
}
