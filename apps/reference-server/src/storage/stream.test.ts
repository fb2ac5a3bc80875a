import { sql } from "kysely";
import { afterEach, describe, expect, test, vi } from "vitest";
import { systemClock } from "../process/clock.ts";
import { engineOf, openDatabase, withTransaction } from "./database.ts";
import type { Database } from "./database.ts";
import { createSharedDatabase, databases, isOnPostgres } from "./fixtures/databases.ts";
import { appendToStream, streamPosition, waitForStream } from "./stream.ts";

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function open(location: string): Promise<Database> {
  const db = await openDatabase(location, systemClock);
  closing.push(() => db.destroy());
  return db;
}

const append = (db: Database, reference: string) =>
  withTransaction(db, async () => appendToStream(db, { kind: "event", roomId: "!room", reference }));

const references = async (db: Database) =>
  (await db.selectFrom("hs_stream").select(["position", "reference"]).orderBy("position").execute()).map(
    ({ position, reference }) => [position, reference] as const,
  );

describe.each(databases)("%s", (_name, create) => {
  async function openEmpty(): Promise<Database> {
    const empty = await create();
    closing.push(() => empty[Symbol.asyncDispose]());
    return open(empty.location);
  }

  test("positions follow each other, and what is rolled back takes none", async () => {
    const db = await openEmpty();
    expect(await streamPosition(db)).toBe(0);
    const failing = withTransaction(db, async () => {
      appendToStream(db, { kind: "event", reference: "no" });
      throw new Error("rolled back");
    });
    await Promise.all([append(db, "a"), expect(failing).rejects.toThrow("rolled back"), append(db, "b")]);
    await append(db, "c");
    expect(await references(db)).toEqual([
      [1, "a"],
      [2, "b"],
      [3, "c"],
    ]);
    expect(await streamPosition(db)).toBe(3);
  });

  test("a failure in a batch leaves the transactions before and after it whole", async () => {
    const db = await openEmpty();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) =>
        withTransaction(db, async () => {
          appendToStream(db, { kind: "event", reference: String(index) });
          await db.insertInto("hs_rate_limits").values(bucket(index)).execute();
          if (index % 3 === 0) throw new Error("every third one");
        }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(33);
    expect((await references(db)).map(([, reference]) => Number(reference) % 3)).not.toContain(0);
    const kept = await db.selectFrom("hs_rate_limits").select("bucket").execute();
    expect(kept).toHaveLength(33);
  });

  test("the stream is refused outside of a transaction", async () => {
    const db = await openEmpty();
    expect(() => appendToStream(db, { kind: "typing" })).toThrow("inside of withTransaction only");
  });

  test("waiting ends with a commit, a time-out or an abort", async () => {
    const db = await openEmpty();
    const news = waitForStream(db, 0, { timeoutMs: 20_000 });
    await append(db, "a");
    await news;
    await waitForStream(db, 1, { timeoutMs: 1 });
    const abort = new AbortController();
    const aborted = waitForStream(db, 1, { timeoutMs: 20_000, signal: abort.signal });
    abort.abort();
    await aborted;
  });
});

test("what another connection commits is found, and positions of both are one order", async () => {
  const shared = await createSharedDatabase();
  closing.push(() => shared[Symbol.asyncDispose]());
  const [ours, theirs] = [await open(shared.location), await open(shared.location)];
  const news = waitForStream(ours, 0, { timeoutMs: 20_000 });
  await append(theirs, "theirs");
  await news;
  const many = Array.from({ length: 40 }, (_, index) => append(index % 2 === 0 ? ours : theirs, String(index)));
  await Promise.all(many);
  const positions = (await references(ours)).map(([position]) => position);
  expect(positions).toEqual(Array.from({ length: 41 }, (_, index) => index + 1));
});

// SQLite has nobody who would tell.
test.runIf(isOnPostgres)(
  "of another connection's commit PostgreSQL tells at once, also after it was broken",
  async () => {
    const shared = await createSharedDatabase();
    closing.push(() => shared[Symbol.asyncDispose]());
    const [ours, theirs] = [await open(shared.location), await open(shared.location)];
    const hear = async (reference: string) => {
      const heard = engineOf(ours).nextCommit(600_000); // longer than the test may take
      await append(theirs, reference);
      await heard;
    };
    const listeners = () =>
      sql<{ pid: number }>`select pid from pg_stat_activity where query like 'listen %'
    and datname = current_database()`.execute(theirs);
    await hear("first");
    const { rows: broken } = await listeners();
    expect(broken).toHaveLength(2);
    for (const { pid } of broken) await sql`select pg_terminate_backend(${pid})`.execute(theirs);
    const isNew = ({ pid }: { pid: number }) => broken.every((old) => old.pid !== pid);
    await vi.waitFor(async () => expect((await listeners()).rows.filter(isNew)).toHaveLength(2), { timeout: 10_000 });
    await hear("second");
  },
);

const bucket = (index: number) => ({ bucket: String(index), used: 1, window_started_at: 0 });
