import { AsyncLocalStorage } from "node:async_hooks";
import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import type { CompiledQuery, DatabaseConnection, Dialect, QueryResult } from "kysely";
import type { StorageEngine } from "./storage-engine.ts";

interface TransactionContext {
  isOpen: boolean;
  failed: boolean;
}

/**
 * SQLite has one connection, so transactions and single statements take turns on it. The asynchronous context decides
 * who waits: a query made inside a transaction is part of it, whichever function made it; any other waits for its end.
 */
export function createSqliteEngine(path: string): StorageEngine {
  const database = openSqlite(path);
  const contexts = new AsyncLocalStorage<TransactionContext>();
  const takeTurn = createQueue();

  const executeQuery = async <R>(query: CompiledQuery): Promise<QueryResult<R>> => {
    if (contexts.getStore()?.isOpen) return execute<R>(database, query);
    const endTurn = await takeTurn();
    try {
      return execute<R>(database, query);
    } finally {
      endTurn();
    }
  };

  const transaction = async <T>(work: () => Promise<T>): Promise<T> => {
    const outer = contexts.getStore();
    if (outer?.isOpen) return joinTransaction(outer, work);
    const endTurn = await takeTurn();
    const context: TransactionContext = { isOpen: true, failed: false };
    try {
      // `immediate` waits here for a writer in another process; upgrading a read later could only fail.
      database.exec("begin immediate");
      const result = await contexts.run(context, work);
      if (context.failed)
        throw new Error("a nested transaction failed and its error was dropped: nothing is committed");
      database.exec("commit");
      return result;
    } catch (error) {
      if (database.isTransaction) database.exec("rollback");
      throw error;
    } finally {
      context.isOpen = false;
      endTurn();
    }
  };

  return {
    dialect: createDialect({ executeQuery, streamQuery: refuseStream }, () => database.close()),
    executeScript: async (script) => database.exec(script),
    transaction,
  };
}

function openSqlite(path: string): DatabaseSync {
  // Signing keys and password hashes are in there; SQLite's other files take over these rights.
  if (path !== ":memory:") closeSync(openSync(path, "a", 0o600));
  const database = new DatabaseSync(path);
  database.exec("pragma busy_timeout = 5000; pragma foreign_keys = on;");
  // What was committed survives a crash and a power cut.
  if (path !== ":memory:") database.exec("pragma journal_mode = wal; pragma synchronous = full;");
  return database;
}

/** The returned function resolves when all earlier turns are over, with the function that ends the new one. */
function createQueue(): () => Promise<() => void> {
  let last: Promise<void> = Promise.resolve();
  return async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const earlier = last;
    last = promise;
    await earlier;
    return resolve;
  };
}

/** No savepoints, because two nested transactions may run side by side: any failure inside fails the whole. */
async function joinTransaction<T>(outer: TransactionContext, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    outer.failed = true;
    throw error;
  }
}

function execute<R>(database: DatabaseSync, { sql, parameters }: CompiledQuery): QueryResult<R> {
  const statement = database.prepare(sql);
  // Kysely types parameters as unknown; SQLite itself refuses what it cannot store.
  const values = parameters as (null | number | bigint | string | Uint8Array)[];
  // The table types promise what the columns hold, so the rows are taken at their word.
  if (statement.columns().length > 0) return { rows: statement.all(...values) as R[] };
  return { rows: [], numAffectedRows: BigInt(statement.run(...values).changes) };
}

function createDialect(connection: DatabaseConnection, close: () => void): Dialect {
  return {
    createDriver: () => ({
      init: async () => {},
      acquireConnection: async () => connection,
      releaseConnection: async () => {},
      destroy: async () => close(),
      beginTransaction: refuseTransaction,
      commitTransaction: refuseTransaction,
      rollbackTransaction: refuseTransaction,
    }),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new SharedConnectionAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

/** Kysely's own lock knows no asynchronous context: a query inside a transaction would wait for ever. */
class SharedConnectionAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

async function refuseTransaction(): Promise<never> {
  throw new Error("use withTransaction(db, work) instead of db.transaction()");
}

function refuseStream(): never {
  throw new Error("streams are not supported: select a page at a time");
}
