import { AsyncLocalStorage } from "node:async_hooks";
import type { StreamEntry } from "./stream-entry.ts";
import { createTurns } from "./turns.ts";

/** The one connection that writes, as far as grouping commits is concerned. */
export interface BatchConnection {
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  savepoint(): Promise<void>;
  releaseSavepoint(): Promise<void>;
  rollbackToSavepoint(): Promise<void>;
  /** The last thing before a commit, so that the order of commits is the order of positions. The new head. */
  appendToStream(entries: readonly StreamEntry[]): Promise<number>;
}

export interface GroupCommit {
  /** All of `work` or nothing, and on disk when it resolves. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  /** Whether the caller is inside `work`, by its asynchronous context. */
  isInside(): boolean;
  /** For the stream, with the transaction the caller is in. */
  append(entry: StreamEntry): void;
  /** Waits for its turn between transactions. */
  between<T>(action: () => Promise<T>): Promise<T>;
  /** Waits for its turn, and commits what was begun before. */
  alone<T>(action: () => Promise<T>): Promise<T>;
}

interface Context {
  isOpen: boolean;
  failed: boolean;
  readonly entries: StreamEntry[];
}

interface Batch {
  readonly committed: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  readonly entries: StreamEntry[];
  works: number;
}

const mostWorks = 200;

/**
 * Transactions take turns, each in a savepoint; those that come up in the same round of the event loop share one
 * commit, because a commit to disk costs more than most of what is committed. Each promise waits for it.
 */
export function createGroupCommit(connection: BatchConnection, onCommitted: (head: number) => void): GroupCommit {
  const contexts = new AsyncLocalStorage<Context>();
  const takeTurn = createTurns();
  let batch: Batch | undefined;

  const open = async (): Promise<Batch> => {
    if (batch !== undefined) return batch;
    await connection.begin();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    promise.catch(() => {}); // those who wait are told; there may be nobody, when every work has failed
    const opened: Batch = { committed: promise, resolve, reject, entries: [], works: 0 };
    batch = opened;
    setImmediate(() => void inTurn(async () => (batch === opened ? close(opened) : undefined)));
    return opened;
  };

  const inTurn = async <T>(action: () => Promise<T>): Promise<T> => {
    const endTurn = await takeTurn();
    try {
      return await action();
    } finally {
      endTurn();
    }
  };

  const close = async (opened: Batch): Promise<void> => {
    batch = undefined;
    try {
      const head = opened.entries.length > 0 ? await connection.appendToStream(opened.entries) : undefined;
      await connection.commit();
      opened.resolve();
      if (head !== undefined) onCommitted(head);
    } catch (error) {
      await abandon(opened, error);
    }
  };

  const abandon = async (opened: Batch, error: unknown): Promise<void> => {
    batch = undefined;
    opened.reject(error);
    await connection.rollback().catch(() => {}); // what broke the batch is the error to tell
  };

  const transaction = async <T>(work: () => Promise<T>): Promise<T> => {
    const outer = contexts.getStore();
    if (outer?.isOpen) return joinTransaction(outer, work);
    const { result, committed } = await inTurn(async () => {
      const opened = await open();
      const context: Context = { isOpen: true, failed: false, entries: [] };
      const done = await runInSavepoint(opened, context, work);
      opened.entries.push(...context.entries);
      opened.works += 1;
      if (opened.works >= mostWorks) await close(opened);
      return { result: done, committed: opened.committed };
    });
    await committed;
    return result;
  };

  const runInSavepoint = async <T>(opened: Batch, context: Context, work: () => Promise<T>): Promise<T> => {
    await connection.savepoint();
    try {
      const result = await contexts.run(context, work);
      if (context.failed) {
        throw new Error("a nested transaction failed and its error was dropped: nothing is committed");
      }
      await connection.releaseSavepoint();
      return result;
    } catch (error) {
      try {
        await connection.rollbackToSavepoint();
      } catch (broken) {
        await abandon(opened, broken); // the database has given the whole batch up
      }
      throw error;
    } finally {
      context.isOpen = false;
    }
  };

  return {
    transaction,
    isInside: () => contexts.getStore()?.isOpen === true,
    append(entry) {
      const context = contexts.getStore();
      if (!context?.isOpen) throw new Error("the stream is written to inside of withTransaction only");
      context.entries.push(entry);
    },
    between: inTurn,
    alone: (action) =>
      inTurn(async () => {
        if (batch !== undefined) await close(batch);
        return action();
      }),
  };
}

/** No savepoints, because two nested transactions may run side by side: any failure inside fails the whole. */
async function joinTransaction<T>(outer: Context, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    outer.failed = true;
    throw error;
  }
}
