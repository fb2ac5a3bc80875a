import { setTimeout } from "node:timers/promises";
import type { Log } from "../process/log.ts";
import type { Database } from "./database.ts";
import { streamPosition, waitForStream } from "./stream.ts";

/** So that many commits in a row are one turn. */
const pauseMs = 20;
const longestTurnMs = 500;

/**
 * Does `work` whenever something has been committed, and twice a second, for what falls due by the clock: work that
 * requests leave in the database. `stop` waits for what has been begun.
 */
export function followStream(
  db: Database,
  log: Log,
  work: (signal: AbortSignal) => Promise<void>,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const pause = (milliseconds: number) => setTimeout(milliseconds, undefined, { signal }).catch(() => {}); // stopped
  const turn = async () => {
    const position = await streamPosition(db);
    await work(signal);
    await waitForStream(db, position, { timeoutMs: longestTurnMs, signal });
    await pause(pauseMs);
  };
  const follow = async () => {
    while (!signal.aborted) {
      try {
        await turn();
      } catch (error) {
        log.warn("work in the background failed; it is tried again", { error });
        await pause(longestTurnMs);
      }
    }
  };
  const followed = follow();
  return {
    stop() {
      stopping.abort();
      return followed;
    },
  };
}
