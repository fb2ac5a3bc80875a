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

const pollMs = 500;

const waiting = new WeakMap<Database, Set<() => void>>();

/** Lets all who wait for the stream look again, although it has nothing new: the clock has jumped, say. */
export function wakeWaiting(db: Database): void {
  for (const wake of waiting.get(db) ?? []) wake();
}

/**
 * Resolves with the stream's position when there is something after the given one, at the time-out, when it is woken, or
 * when nobody waits any more. What wakes it is a hint; a poll finds what another process has written even where no hint
 * comes.
 */
export async function waitForStream(db: Database, after: number, { timeoutMs, signal }: StreamWait): Promise<number> {
  const engine = engineOf(db);
  const deadline = performance.now() + timeoutMs;
  const woken = Promise.withResolvers<void>();
  let isWoken = false;
  const wake = () => {
    isWoken = true;
    woken.resolve();
  };
  const others = waiting.get(db) ?? new Set();
  waiting.set(db, others.add(wake));
  try {
    for (;;) {
      const news = engine.nextCommit();
      const position = await sharedPosition(db, news);
      const left = deadline - performance.now();
      if (position > after || left <= 0 || isWoken || signal?.aborted) return position;
      await firstOf([news, woken.promise], Math.min(left, pollMs), signal);
      if (signal?.aborted) return position; // the database may be gone
    }
  } finally {
    others.delete(wake);
  }
}

const reading = new WeakMap<Promise<void>, Promise<number>>();

/** One read for all whom the same commit has woken: it began after that commit, and the next one wakes them again. */
function sharedPosition(db: Database, news: Promise<void>): Promise<number> {
  const running = reading.get(news);
  if (running !== undefined) return running;
  const position = streamPosition(db).finally(() => reading.delete(news));
  reading.set(news, position);
  return position;
}

async function firstOf(
  news: readonly Promise<void>[],
  milliseconds: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  const wake = () => resolve();
  signal?.addEventListener("abort", wake, { once: true });
  try {
    await Promise.race([...news, promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", wake);
  }
}
