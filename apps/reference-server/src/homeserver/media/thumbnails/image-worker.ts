import { MatrixError } from "@matrix-openapi/server";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { createTurns } from "../../../storage/turns.ts";
import type { ImageJob, ImageOutcome } from "./image-job.ts";

/** The one thread of this process that reads images. */
export interface ImageWorker {
  /** Throws what is answered with 429 where too many wait already. */
  run(job: ImageJob): Promise<ImageOutcome>;
  close(): Promise<void>;
}

const mostWaiting = 64;
const longestJobMs = 20_000;
const idleMs = 30_000;

/**
 * Starts the thread with the first job and stops it when none has come for a while, which also gives its memory back. A
 * job that takes too long, or breaks the thread, costs the thread and nothing else.
 */
export function createImageWorker(): ImageWorker {
  const takeTurn = createTurns();
  let worker: Worker | undefined;
  let waiting = 0;
  let idle: NodeJS.Timeout | undefined;

  const stop = async (): Promise<void> => {
    clearTimeout(idle);
    const stopped = worker;
    worker = undefined;
    await stopped?.terminate();
  };

  const start = (): Worker => {
    // Beside this file, as TypeScript in the repository and as JavaScript when it is built.
    const thread = new Worker(new URL(`./image-thread${import.meta.url.slice(-3)}`, import.meta.url));
    thread.unref();
    thread.on("error", () => {}); // whoever waits for it hears of it, too
    thread.once("exit", () => {
      if (worker === thread) worker = undefined;
    });
    return thread;
  };

  const runNow = async (job: ImageJob): Promise<ImageOutcome> => {
    clearTimeout(idle);
    const thread = (worker ??= start());
    const over = new AbortController();
    const { signal } = over;
    const timer = setTimeout(() => over.abort(), longestJobMs);
    const died = once(thread, "exit", { signal });
    died.catch(() => {});
    try {
      thread.postMessage(job, []);
      // `once` rejects when the thread has an error, or at the time-out.
      const [outcome] = await Promise.race([once(thread, "message", { signal }), died.then(() => [null])]);
      if (outcome !== null) return outcome as ImageOutcome; // all that the thread sends
    } catch {
      // as below
    } finally {
      clearTimeout(timer);
      over.abort();
    }
    await stop();
    return { kind: "too-large" };
  };

  return {
    async run(job) {
      if (waiting >= mostWaiting) {
        throw new MatrixError(429, "M_LIMIT_EXCEEDED", "Too many images are at work: wait a second and try again.", {
          retry_after_ms: 1000,
        });
      }
      waiting += 1;
      const endTurn = await takeTurn();
      try {
        return await runNow(job);
      } finally {
        waiting -= 1;
        idle = setTimeout(() => void stop(), idleMs).unref();
        endTurn();
      }
    },
    close: stop,
  };
}
