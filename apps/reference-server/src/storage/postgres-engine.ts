import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
import type { CompiledQuery, QueryResult } from "kysely";
import { Client, Pool, types } from "pg";
import type { PoolClient } from "pg";
import { createCommitSignal } from "./commit-signal.ts";
import { createGroupCommit } from "./group-commit.ts";
import { isRead } from "./is-read.ts";
import { toPostgresText, toText } from "./postgres-text.ts";
import { refuseStream, sharedDialect } from "./shared-connection.ts";
import type { StorageEngine } from "./storage-engine.ts";
import type { StreamEntry } from "./stream-entry.ts";

/** Any number, the same in every process: whoever holds this lock is the one who writes. */
const writersLock = 6_167_010;
const channel = "matrix_stream";

/**
 * As with SQLite, one at a time writes: an advisory lock for each batch makes the processes of one database take turns,
 * so that what was read inside of a transaction still holds at its end. Reads come from a pool and wait for nobody.
 */
export async function createPostgresEngine(url: string): Promise<StorageEngine> {
  const pool = new Pool({ connectionString: url, types: { getTypeParser: parserOf }, application_name: "matrix" });
  pool.on("error", () => {}); // an idle connection broke: the next query opens another, or tells
  pool.on("connect", (client) => client.on("error", () => {})); // in use: its own next query tells
  const committed = createCommitSignal();
  let writer: PoolClient | undefined;

  const onWriter = <R>(sql: string, parameters: readonly unknown[] = []): Promise<QueryResult<R>> => {
    if (writer === undefined) throw new Error("a transaction's query came after its end");
    return run<R>(writer, sql, parameters);
  };
  const end = async (sql: string): Promise<void> => {
    const ending = writer;
    writer = undefined;
    try {
      await ending?.query(sql);
      ending?.release();
    } catch (error) {
      ending?.release(true);
      throw error;
    }
  };
  const exec = (sql: string) => async () => void (await onWriter(sql));
  const group = createGroupCommit(
    {
      async begin() {
        writer = await pool.connect();
        try {
          await onWriter("begin");
          await onWriter("select pg_advisory_xact_lock($1)", [writersLock]);
        } catch (error) {
          await end("rollback").catch(() => {}); // what broke it is the error to tell
          throw error;
        }
      },
      commit: () => end("commit"),
      rollback: () => end("rollback"),
      savepoint: exec("savepoint work"),
      releaseSavepoint: exec("release savepoint work"),
      rollbackToSavepoint: exec("rollback to savepoint work"),
      appendToStream: (entries) => appendToStream(onWriter, entries),
    },
    () => committed.fire(),
  );

  const executeQuery = <R>(query: CompiledQuery): Promise<QueryResult<R>> => {
    const { sql, parameters } = query;
    if (group.isInside()) return onWriter<R>(sql, parameters);
    if (isRead(query)) return run<R>(pool, sql, parameters);
    return group.transaction(() => onWriter<R>(sql, parameters));
  };

  const stopListening = await listen(url, () => committed.fire());
  return {
    dialect: sharedDialect({
      connection: { executeQuery, streamQuery: refuseStream },
      adapter: () => new PostgresAdapter(),
      compiler: () => new PostgresQueryCompiler(),
      introspector: (db) => new PostgresIntrospector(db),
      close: () =>
        group.alone(async () => {
          await stopListening();
          await pool.end();
        }),
    }),
    execute: executeQuery,
    // Text has the order that SQLite gives it, whatever language the database is set up for.
    executeScript: async (script) => void (await onWriter(script.replaceAll(/\btext\b/g, 'text collate "C"'))),
    transaction: group.transaction,
    append: group.append,
    nextCommit: committed.next,
  };
}

type Run = <R>(sql: string, parameters: readonly unknown[]) => Promise<QueryResult<R>>;

async function run<R>(
  connection: Pool | PoolClient,
  sql: string,
  parameters: readonly unknown[],
): Promise<QueryResult<R>> {
  const { rows, rowCount } = await connection.query(sql, parameters.map(toPostgresText));
  return { rows: rows as R[], numAffectedRows: BigInt(rowCount ?? 0) }; // the table types promise what the columns hold
}

async function appendToStream(onWriter: Run, entries: readonly StreamEntry[]): Promise<number> {
  const { rows } = await onWriter<{ position: number }>(
    "update hs_stream_head set position = position + $1 returning position",
    [entries.length],
  );
  const head = rows[0]?.position ?? 0;
  const first = head - entries.length + 1;
  const column = (of: (entry: StreamEntry) => string | undefined) => entries.map((entry) => of(entry) ?? null);
  await onWriter(
    `insert into hs_stream (position, kind, room_id, user_id, device_id, reference)
    select $1 + number - 1, kind, room_id, user_id, device_id, reference
    from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
      with ordinality as entry (kind, room_id, user_id, device_id, reference, number)`,
    [
      first,
      column(({ kind }) => kind),
      column(({ roomId }) => roomId),
      column(({ userId }) => userId),
      column(({ deviceId }) => deviceId),
      column(({ reference }) => reference),
    ],
  );
  await onWriter(`select pg_notify('${channel}', '')`, []);
  return head;
}

const retryMs = 1000;

/** What other processes commit is a hint to look; while the connection is broken, the poll still finds it. */
async function listen(url: string, onNews: () => void): Promise<() => Promise<void>> {
  let isStopped = false;
  let client = await connect();
  client.once("end", retry);

  async function connect(): Promise<Client> {
    const connecting = new Client({ connectionString: url });
    connecting.on("notification", onNews);
    connecting.on("error", () => {}); // its end is what counts
    await connecting.connect();
    await connecting.query(`listen ${channel}`);
    return connecting;
  }
  function retry(): void {
    if (isStopped) return;
    setTimeout(() => void connect().then(replace, retry), retryMs).unref();
  }
  function replace(connected: Client): unknown {
    client = connected;
    return isStopped ? client.end() : client.once("end", retry);
  }
  return () => {
    isStopped = true;
    return client.end();
  };
}

const bigints = 20;
const texts = 25;
const numerics = 1700;

/** Counts and positions fit into a number, as the specification's integers do; text may have had NULs. */
function parserOf(type: number, format?: "text" | "binary") {
  if (type === bigints || type === numerics) return Number;
  if (type === texts) return toText;
  return format === "binary" ? types.getTypeParser(type, "binary") : types.getTypeParser(type, "text");
}
