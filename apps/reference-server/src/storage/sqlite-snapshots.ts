import type { GroupCommit } from "./group-commit.ts";
import type { Connection } from "./sqlite-engine.ts";
import type { DatabaseSnapshots } from "./storage-engine.ts";

/** A snapshot is the database as one value in memory; its rows come back in one transaction, which other processes see, too. */
export function createSqliteSnapshots(
  { database, forgetStatements }: Connection,
  group: GroupCommit,
  onRestored: () => void,
): DatabaseSnapshots {
  return {
    take: () => group.alone(async () => withoutWal(database.serialize())),
    restore: (snapshot) =>
      group.alone(async () => {
        database.exec("attach ':memory:' as snapshot");
        try {
          forgetStatements(); // SQLite is about to
          database.deserialize(snapshot, { dbName: "snapshot" });
          database.exec("pragma foreign_keys = off"); // rows come table by table
          database.exec(`begin immediate; ${tableNames().map(copyTable).join(" ")} ${passPositionsBy}; commit`);
        } finally {
          if (database.isTransaction) database.exec("rollback");
          database.exec("pragma foreign_keys = on; detach snapshot");
        }
        onRestored();
      }),
  };

  function tableNames(): string[] {
    const rows = database.prepare("select name from main.sqlite_schema where type = 'table'").all();
    return rows.map(({ name }) => `"${String(name)}"`).filter((name) => name !== streamHead);
  }
}

const copyTable = (table: string) =>
  `delete from main.${table}; insert into main.${table} select * from snapshot.${table};`;

const streamHead = `"hs_stream_head"`;

/** Who had read up to the head may have kept what came before it: there is a new head, and nothing new before it. */
const passPositionsBy = `update main.${streamHead} set position = position + 1`;

/** A file's header says that a log lies beside it, which a database in memory cannot have: https://www.sqlite.org/fileformat.html#file_format_version_numbers */
function withoutWal(bytes: Uint8Array): Uint8Array {
  const rollbackJournal = 1;
  return bytes.fill(rollbackJournal, 18, 20);
}
