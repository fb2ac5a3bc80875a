import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterEach, describe, expect, test, vi } from "vitest";
import { systemClock } from "../process/clock.ts";
import { openDatabase, withTransaction } from "./database.ts";
import type { Database } from "./database.ts";
import { databases, isOnPostgres } from "./fixtures/databases.ts";

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function open(location: string): Promise<Database> {
  const db = await openDatabase(location, systemClock);
  closing.push(() => db.destroy());
  return db;
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "reference-server-"));
  closing.push(() => rmSync(folder, { recursive: true }));
  return folder;
}

const user = (localpart: string) => ({
  user_id: `@${localpart}:localhost`,
  localpart,
  password_hash: null,
  is_guest: 0 as const,
  display_name: null,
  created_at: 1,
  deactivated_at: null,
});

const localparts = async (db: Database) =>
  (await db.selectFrom("hs_users").select("localpart").orderBy("localpart").execute()).map((row) => row.localpart);

const pause = () => new Promise((resolve) => setTimeout(resolve, 5));

describe.each(databases)("%s", (_name, create) => {
  async function openEmpty(): Promise<Database> {
    const empty = await create();
    closing.push(() => empty[Symbol.asyncDispose]());
    return open(empty.location);
  }

  test("a transaction that throws leaves nothing, with the error of the work", async () => {
    const db = await openEmpty();
    const work = withTransaction(db, async () => {
      await db.insertInto("hs_users").values(user("alice")).execute();
      throw new Error("no");
    });
    await expect(work).rejects.toThrow("no");
    expect(await localparts(db)).toEqual([]);
  });

  test("a query outside waits for the transaction: it neither sees nor joins what is not committed", async () => {
    const db = await openEmpty();
    const started = Promise.withResolvers<void>();
    const failing = withTransaction(db, async () => {
      await db.insertInto("hs_users").values(user("alice")).execute();
      started.resolve();
      await pause();
      throw new Error("rolled back");
    });
    await started.promise;
    const [seen] = await Promise.all([
      localparts(db),
      db.insertInto("hs_users").values(user("bob")).execute(),
      expect(failing).rejects.toThrow("rolled back"),
    ]);
    expect(seen).not.toContain("alice");
    expect(await localparts(db)).toEqual(["bob"]);
  });

  test("transactions take turns: concurrent counters lose no update", async () => {
    const db = await openEmpty();
    await db
      .insertInto("hs_registration_tokens")
      .values({ token: "t", uses_allowed: null, uses_pending: 0, uses_completed: 0, expires_at: null })
      .execute();
    const increment = () =>
      withTransaction(db, async () => {
        const row = await db.selectFrom("hs_registration_tokens").select("uses_completed").executeTakeFirstOrThrow();
        await pause();
        await db
          .updateTable("hs_registration_tokens")
          .set({ uses_completed: row.uses_completed + 1 })
          .execute();
      });
    await Promise.all(Array.from({ length: 20 }, increment));
    const { uses_completed } = await db.selectFrom("hs_registration_tokens").selectAll().executeTakeFirstOrThrow();
    expect(uses_completed).toBe(20);
  });

  test("a nested transaction joins the outer one and fails the whole, even when its error is dropped", async () => {
    const db = await openEmpty();
    const outer = withTransaction(db, async () => {
      await db.insertInto("hs_users").values(user("alice")).execute();
      await withTransaction(db, async () => {
        await db.insertInto("hs_users").values(user("alice")).execute();
      }).catch(() => {});
    });
    await expect(outer).rejects.toThrow("a nested transaction failed");
    expect(await localparts(db)).toEqual([]);
  });

  test("work that goes on after its transaction is outside of it", async () => {
    const db = await openEmpty();
    let late: Promise<unknown> = Promise.resolve();
    const failed = withTransaction(db, async () => {
      late = pause().then(() => db.insertInto("hs_users").values(user("late")).execute());
      throw new Error("over");
    });
    await expect(failed).rejects.toThrow("over");
    await late;
    expect(await localparts(db)).toEqual(["late"]);
  });

  test("text has the order of its bytes", async () => {
    const db = await openEmpty();
    const texts = ["B", "_", "a", "b", "z", "ä", "😀"];
    for (const text of texts.toReversed()) await db.insertInto("hs_users").values(user(text)).execute();
    expect(await localparts(db)).toEqual(texts);
  });

  test.each(["a\0b", "\0", "\uFDD0", "\uFDD0\uFDD1", "\uFDD0\0"])(
    "%j is found, and comes back as it was",
    async (text) => {
      const db = await openEmpty();
      await db
        .insertInto("hs_users")
        .values([user(text), user("other")])
        .execute();
      const found = db.selectFrom("hs_users").select("localpart").where("localpart", "in", [text]);
      expect(await found.execute()).toEqual([{ localpart: text }]);
    },
  );

  test("Kysely's own transactions are refused with the way out", async () => {
    const db = await openEmpty();
    await expect(db.transaction().execute(async () => {})).rejects.toThrow("use withTransaction(db, work)");
  });

  test("foreign keys hold: a device's tokens go with it", async () => {
    const db = await openEmpty();
    await db.insertInto("hs_users").values(user("alice")).execute();
    const device = {
      user_id: "@alice:localhost",
      device_id: "D",
      display_name: null,
      created_at: 1,
      last_seen_at: null,
      last_seen_ip: null,
    };
    await db.insertInto("hs_devices").values(device).execute();
    const token = {
      token_hash: "h",
      user_id: "@alice:localhost",
      device_id: "D",
      created_at: 1,
      expires_at: null,
      refresh_token_hash: null,
      first_used_at: null,
    };
    await db.insertInto("hs_access_tokens").values(token).execute();
    await expect(
      db
        .insertInto("hs_access_tokens")
        .values({ ...token, token_hash: "i", device_id: "E" })
        .execute(),
    ).rejects.toThrow(/foreign key/i);
    await db.deleteFrom("hs_devices").execute();
    expect(await db.selectFrom("hs_access_tokens").selectAll().execute()).toEqual([]);
  });
});

// SQLite has no connection that could break.
test.runIf(isOnPostgres)("a connection that breaks takes its transactions with it, and no more", async () => {
  const db = await open(join(temporaryFolder(), "server.db"));
  const other = await open(join(temporaryFolder(), "other.db"));
  const broken = withTransaction(db, async () => {
    await db.insertInto("hs_users").values(user("alice")).execute();
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db);
    await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(other);
    await pause();
    await db.insertInto("hs_users").values(user("bob")).execute();
  });
  await expect(broken).rejects.toThrow();
  await withTransaction(db, () => db.insertInto("hs_users").values(user("carol")).execute());
  expect(await localparts(db)).toEqual(["carol"]);
});

test.runIf(isOnPostgres)("connections that break while they wait for their turn leave room for others", async () => {
  const file = join(temporaryFolder(), "server.db");
  const [db, holder] = [await open(file), await open(file)];
  const over = Promise.withResolvers<void>();
  const holding = Promise.withResolvers<void>();
  const held = withTransaction(holder, () => (holding.resolve(), over.promise));
  await holding.promise;
  for (let time = 0; time < 12; time += 1) {
    const waiting = expect(withTransaction(db, pause)).rejects.toThrow();
    await vi.waitFor(async () => {
      const { rows } = await sql`select pg_terminate_backend(pid) from pg_locks
        where locktype = 'advisory' and not granted
        and database = (select oid from pg_database where datname = current_database())`.execute(db);
      expect(rows).toHaveLength(1);
    }, 10_000);
    await waiting;
  }
  over.resolve();
  await held;
  await withTransaction(db, () => db.insertInto("hs_users").values(user("alice")).execute());
  expect(await localparts(db)).toEqual(["alice"]);
});

test("a database keeps its rows and is migrated once", async () => {
  const file = join(temporaryFolder(), "server.db");
  const first = await openDatabase(file, systemClock);
  await first.insertInto("hs_users").values(user("alice")).execute();
  await first.destroy();
  const second = await open(file);
  expect(await localparts(second)).toEqual(["alice"]);
});

test.skipIf(isOnPostgres)("files of SQLite are for their owner alone", async () => {
  const file = join(temporaryFolder(), "server.db");
  await open(file);
  for (const suffix of ["", "-wal"])
    expect(statSync(file + suffix).mode & 0o077, `rights of others on ${suffix}`).toBe(0);
});

test("a database of a newer version is refused by name", async () => {
  const file = join(temporaryFolder(), "server.db");
  const db = await openDatabase(file, systemClock);
  await sql`insert into schema_migrations values ('9999-tomorrow', 1)`.execute(db);
  await db.destroy();
  await expect(openDatabase(file, systemClock)).rejects.toThrow("newer version: it has the migration 9999-tomorrow");
});

test.each([
  ["mysql://localhost/matrix", "given as a mysql URL"],
  ["postgres://127.0.0.1:1/matrix", "cannot reach PostgreSQL: connect ECONNREFUSED"],
  // PostgreSQL has no files to miss.
  ...(isOnPostgres ? [] : [["/no/such/folder/server.db", "cannot open the database /no/such/folder/server.db"]]),
])("%s is refused with what is expected", async (location, message) => {
  await expect(openDatabase(location, systemClock)).rejects.toThrow(message);
});
