import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { StatementSync } from "node:sqlite";
import { setTimeout } from "node:timers/promises";
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import type { CompiledQuery, QueryResult } from "kysely";
import { createCommitSignal } from "./commit-signal.ts";
import { createGroupCommit } from "./group-commit.ts";
import { isRead } from "./is-read.ts";
import { refuseStream, sharedDialect } from "./shared-connection.ts";
import { createSqliteSnapshots } from "./sqlite-snapshots.ts";
import type { StorageEngine } from "./storage-engine.ts";
import type { StreamEntry } from "./stream-entry.ts";

/**
 * One connection writes, and transactions take turns on it. A file has a second one for reading, which sees what is
 * committed and never waits; in memory there is one connection, so that reads take turns, too.
 */
export function createSqliteEngine(path: string): StorageEngine {
  const writer = openSqlite(path);
  const reader = path === ":memory:" ? undefined : openSqlite(path);
  reader?.database.exec("pragma query_only = on");
  writer.database.exec("pragma busy_timeout = 0"); // beginWriting waits
  const committed = createCommitSignal();
  const exec = (sql: string) => async () => writer.database.exec(sql);
  const group = createGroupCommit(
    {
      begin: () => beginWriting(writer.database),
      commit: exec("commit"),
      rollback: async () => {
        if (writer.database.isTransaction) writer.database.exec("rollback");
      },
      savepoint: async () => void writer.run("savepoint work"),
      releaseSavepoint: async () => void writer.run("release work"),
      rollbackToSavepoint: exec("rollback to work; release work"),
      appendToStream: async (entries) => appendToStream(writer, entries),
    },
    () => committed.fire(),
  );

  const executeQuery = async <R>(query: CompiledQuery): Promise<QueryResult<R>> => {
    const { sql, parameters } = query;
    if (group.isInside()) return writer.run<R>(sql, parameters);
    if (!isRead(query)) return group.transaction(async () => writer.run<R>(sql, parameters));
    return reader === undefined
      ? group.between(async () => writer.run<R>(sql, parameters))
      : reader.run<R>(sql, parameters);
  };

  return {
    dialect: sharedDialect({
      connection: { executeQuery, streamQuery: refuseStream },
      adapter: () => new SharedConnectionAdapter(),
      compiler: () => new SqliteQueryCompiler(),
      introspector: (db) => new SqliteIntrospector(db),
      close: () =>
        group.alone(async () => {
          reader?.database.close();
          writer.database.close();
        }),
    }),
    execute: executeQuery,
    executeScript: async (script) => writer.database.exec(script),
    transaction: group.transaction,
    append: group.append,
    nextCommit: committed.next,
    snapshots: createSqliteSnapshots(writer, group, () => committed.fire()),
  };
}

const longestWait = 5000;
const busy = 5;

/**
 * `immediate` waits here for a writer in another process; upgrading a read later could only fail. SQLite's own waiting
 * would stop the event loop, in which the other writer may live, too.
 */
async function beginWriting(database: DatabaseSync): Promise<void> {
  for (const deadline = performance.now() + longestWait; ; await setTimeout(2)) {
    try {
      database.exec("begin immediate");
      return;
    } catch (error) {
      const { errcode } = error as { errcode?: number }; // what node:sqlite throws
      if (errcode !== busy || performance.now() > deadline) throw error;
    }
  }
}

export interface Connection {
  readonly database: DatabaseSync;
  /** Statements that were prepared are prepared anew. */
  forgetStatements(): void;
  /** One statement, which is prepared once. */
  run<R>(sql: string, parameters?: readonly unknown[]): QueryResult<R>;
}

function openSqlite(path: string): Connection {
  // Signing keys and password hashes are in there; SQLite's other files take over these rights.
  if (path !== ":memory:") closeSync(openSync(path, "a", 0o600));
  const database = new DatabaseSync(path);
  database.exec("pragma busy_timeout = 5000; pragma foreign_keys = on;");
  // What was committed survives a crash and a power cut.
  if (path !== ":memory:") database.exec("pragma journal_mode = wal; pragma synchronous = full;");
  // The same pages change again and again: they are written back seldom, and kept at hand.
  database.exec("pragma wal_autocheckpoint = 8000; pragma cache_size = -8192;");
  const { prepare, forget } = keepStatements(database);
  return {
    database,
    forgetStatements: forget,
    run<R>(sql: string, parameters: readonly unknown[] = []): QueryResult<R> {
      const { statement, hasRows } = prepare(sql);
      // Kysely types parameters as unknown; SQLite itself refuses what it cannot store.
      const values = parameters as (null | number | bigint | string | Uint8Array)[];
      // The table types promise what the columns hold, so the rows are taken at their word.
      if (hasRows) return { rows: statement.all(...values) as R[] };
      return { rows: [], numAffectedRows: BigInt(statement.run(...values).changes) };
    },
  };
}

const mostStatements = 500;

/** Preparing costs more than most queries; what was prepared longest ago goes first. */
function keepStatements(database: DatabaseSync) {
  const kept = new Map<string, { statement: StatementSync; hasRows: boolean }>();
  const prepare = (sql: string) => {
    const known = kept.get(sql);
    if (known !== undefined) return known;
    const statement = database.prepare(sql);
    const prepared = { statement, hasRows: statement.columns().length > 0 };
    kept.set(sql, prepared);
    const [oldest] = kept.keys();
    if (kept.size > mostStatements && oldest !== undefined) kept.delete(oldest);
    return prepared;
  };
  return { prepare, forget: () => kept.clear() };
}

function appendToStream({ run }: Connection, entries: readonly StreamEntry[]): number {
  const { rows } = run<{ position: number }>("update hs_stream_head set position = position + ? returning position", [
    entries.length,
  ]);
  const head = rows[0]?.position ?? 0;
  entries.forEach(({ kind, roomId, userId, deviceId, reference }, index) => {
    const position = head - entries.length + 1 + index;
    run("insert into hs_stream (position, kind, room_id, user_id, device_id, reference) values (?, ?, ?, ?, ?, ?)", [
      position,
      kind,
      roomId ?? null,
      userId ?? null,
      deviceId ?? null,
      reference ?? null,
    ]);
  });
  return head;
}

/** Kysely's own lock knows no asynchronous context: a query inside a transaction would wait for ever. */
class SharedConnectionAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}
