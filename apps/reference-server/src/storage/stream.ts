import { compiledQuery } from "./compiled-query.ts";
import type { Database } from "./database.ts";
import { engineOf } from "./database.ts";
import type { StreamEntry } from "./stream-entry.ts";

/**
 * Adds to the one ordered stream that `/sync` reads, inside of `withTransaction`. It gets its position with the commit:
 * whoever has read up to a position never finds something new before it.
 */
export function appendToStream(db: Database, entry: StreamEntry): void {
  engineOf(db).append(entry);
}

/** The last position that is committed, 0 before the first. */
export async function streamPosition(db: Database): Promise<number> {
  const [head] = await selectHead(db, {});
  return head?.position ?? 0;
}

const selectHead = compiledQuery((db) => db.selectFrom("hs_stream_head").select("position"));

export interface StreamWait {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Those who wait for one database: one read after a commit, and one poll, do for all of them. */
interface Watch {
  readonly waiting: Set<Waiter>;
  /** As it was read last. */
  position: number;
  isRunning: boolean;
}

interface Waiter {
  readonly after: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const watches = new WeakMap<Database, Watch>();

/** Lets all who wait for the stream look again, although it has nothing new: the clock has jumped, say. */
export function wakeWaiting(db: Database): void {
  for (const { resolve } of watches.get(db)?.waiting ?? []) resolve();
}

/**
 * Resolves with the stream's position when there is something after the given one, at the time-out, when it is woken, or
 * when nobody waits any more. What wakes it is a hint; a poll finds what another process has written even where no hint
 * comes.
 */
export async function waitForStream(db: Database, after: number, { timeoutMs, signal }: StreamWait): Promise<number> {
  if (signal?.aborted) return after;
  const watch = watches.get(db) ?? { waiting: new Set(), position: 0, isRunning: false };
  watches.set(db, watch);
  if (watch.position > after) return watch.position;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const waiter = { after, resolve, reject };
  const wake = () => resolve();
  const timer = setTimeout(wake, timeoutMs);
  signal?.addEventListener("abort", wake, { once: true });
  watch.waiting.add(waiter);
  if (!watch.isRunning) void run(db, watch);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", wake);
    watch.waiting.delete(waiter);
  }
  if (watch.position > after) return watch.position;
  return signal?.aborted ? after : streamPosition(db); // where it is aborted, the database may be gone
}

const pollMs = 500;

async function run(db: Database, watch: Watch): Promise<void> {
  watch.isRunning = true;
  try {
    while (watch.waiting.size > 0) {
      const news = engineOf(db).nextCommit(pollMs); // before the read, so that nothing comes between the two
      watch.position = await streamPosition(db);
      for (const { after, resolve } of watch.waiting) if (watch.position > after) resolve();
      await news;
    }
  } catch (error) {
    for (const { reject } of watch.waiting) reject(error);
  } finally {
    watch.isRunning = false;
  }
}
