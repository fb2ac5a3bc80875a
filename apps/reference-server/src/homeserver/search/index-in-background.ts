import { setTimeout } from "node:timers/promises";
import { followStream } from "../../storage/follow-stream.ts";
import type { Home } from "../home.ts";
import { indexSome } from "./index-words.ts";

const pauseMs = 500;

/**
 * A little at a time, so that those who send hardly notice; who searches in the meantime has the rest indexed first.
 * `stop` waits for what has been begun.
 */
export function indexInBackground({ db, log }: Home): { stop(): Promise<void> } {
  return followStream(db, log, async (signal) => {
    await indexSome(db);
    await setTimeout(pauseMs, undefined, { signal }).catch(() => {}); // stopped while waiting
  });
}
