import type { DatabaseConnection, Dialect, DialectAdapter, Kysely, QueryCompiler } from "kysely";
import type { DatabaseIntrospector } from "kysely";

interface SharedDialect {
  readonly connection: DatabaseConnection;
  readonly adapter: () => DialectAdapter;
  readonly compiler: () => QueryCompiler;
  readonly introspector: (db: Kysely<unknown>) => DatabaseIntrospector;
  readonly close: () => Promise<void>;
}

/** A dialect whose queries all go through one function, which knows by the asynchronous context where they belong. */
export function sharedDialect({ connection, adapter, compiler, introspector, close }: SharedDialect): Dialect {
  return {
    createDriver: () => ({
      init: async () => {},
      acquireConnection: async () => connection,
      releaseConnection: async () => {},
      destroy: close,
      beginTransaction: refuseTransaction,
      commitTransaction: refuseTransaction,
      rollbackTransaction: refuseTransaction,
    }),
    createAdapter: adapter,
    createQueryCompiler: compiler,
    createIntrospector: (db) => introspector(db as Kysely<unknown>), // an introspector asks for no table of ours
  };
}

export function refuseStream(): never {
  throw new Error("streams are not supported: select a page at a time");
}

async function refuseTransaction(): Promise<never> {
  throw new Error("use withTransaction(db, work) instead of db.transaction()");
}
