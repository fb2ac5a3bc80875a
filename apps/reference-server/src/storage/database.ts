import { Kysely } from "kysely";
import type { Clock } from "../process/clock.ts";
import { migrate } from "./migrate.ts";
import { createSqliteEngine } from "./sqlite-engine.ts";
import type { StorageEngine } from "./storage-engine.ts";
import type { Tables } from "./tables.ts";

/** Both servers' tables, `hs_…` and `is_…`, in one database; neither server reads the other's. */
export type Database = Kysely<Tables>;

export class DatabaseUrlError extends Error {
  override readonly name = "DatabaseUrlError";
}

const engines = new WeakMap<Database, StorageEngine>();

/** Opens and migrates `:memory:`, a file or a PostgreSQL database by its URL; `db.destroy()` closes it. */
export async function openDatabase(location: string, clock: Clock): Promise<Database> {
  const engine = await createEngine(location);
  const db: Database = new Kysely<Tables>({ dialect: engine.dialect });
  engines.set(db, engine);
  try {
    await migrate(db, engine, clock);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return db;
}

/**
 * All of `work` or nothing. Every query made inside belongs to the transaction, also through `db` or by a function
 * called from here; nested calls join the outer one. Keep it short: hash, send mail and fetch before or after it.
 */
export function withTransaction<T>(db: Database, work: () => Promise<T>): Promise<T> {
  return engineOf(db).transaction(work);
}

/** What is beneath a database, for the parts of storage that need more than queries. */
export function engineOf(db: Database): StorageEngine {
  const engine = engines.get(db);
  if (engine === undefined) throw new Error("expected the handle that openDatabase returned");
  return engine;
}

async function createEngine(location: string): Promise<StorageEngine> {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(location)?.[1];
  if (scheme === "postgres" || scheme === "postgresql") {
    const { createPostgresEngine } = await import("./postgres-engine.ts"); // loaded by those only who use it
    try {
      return await createPostgresEngine(location);
    } catch (error) {
      const reason = error instanceof Error ? error.message || String(error) : String(error);
      throw new DatabaseUrlError(
        `cannot reach PostgreSQL: ${reason}; expected postgres://user:password@host/database of a server that runs`,
        { cause: error },
      );
    }
  }
  if (scheme !== undefined) {
    throw new DatabaseUrlError(
      `the database is given as a ${scheme} URL; expected :memory:, the path of a file, or a postgres:// URL`,
    );
  }
  try {
    return createSqliteEngine(location);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DatabaseUrlError(
      `cannot open the database ${location}: ${reason}; expected :memory: or a writable file`,
      {
        cause: error,
      },
    );
  }
}
