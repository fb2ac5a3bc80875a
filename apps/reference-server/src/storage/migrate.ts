import { sql } from "kysely";
import type { Clock } from "../process/clock.ts";
import type { Database } from "./database.ts";
import { migrations } from "./migrations/index.ts";
import type { StorageEngine } from "./storage-engine.ts";

/** One step of the schema. Its SQL is the part that SQLite and PostgreSQL share: text, integer, bigint; JSON is text. */
export interface Migration {
  readonly id: string;
  readonly script: string;
}

/** Brings the schema up to date in one transaction: a crash in the middle leaves the old schema, whole. */
export async function migrate(db: Database, engine: StorageEngine, clock: Clock): Promise<void> {
  await engine.transaction(async () => {
    await engine.executeScript(
      "create table if not exists schema_migrations (id text not null primary key, applied_at bigint not null)",
    );
    const { rows } = await sql<{ id: string }>`select id from schema_migrations`.execute(db);
    const applied = new Set(rows.map((row) => row.id));
    refuseUnknown(applied);
    const missing = migrations.filter((migration) => !applied.has(migration.id));
    if (missing.length === 0) return;
    await engine.executeScript(missing.map((migration) => migration.script).join(";\n"));
    const values = missing.map((migration) => sql`(${migration.id}, ${clock.now()})`);
    await sql`insert into schema_migrations (id, applied_at) values ${sql.join(values)}`.execute(db);
  });
}

function refuseUnknown(applied: ReadonlySet<string>): void {
  const known = new Set(migrations.map((migration) => migration.id));
  const unknown = [...applied].filter((id) => !known.has(id));
  if (unknown.length > 0) {
    throw new Error(
      `the database was written by a newer version: it has the migration ${unknown.join(", ")}; update, or use another file`,
    );
  }
}
