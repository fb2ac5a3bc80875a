import type { Clock } from "./clock.ts";
import type { Log } from "./log.ts";
import { startTimer } from "./timer.ts";

const hour = 3_600_000;

/**
 * Every hour of the clock, for as long as the process has something else to do; a jump of the clock over many hours asks
 * for it once. `stop` waits for what has been begun.
 */
export function repeatPeriodically(clock: Clock, log: Log, work: () => Promise<void>): { stop(): Promise<void> } {
  let running = Promise.resolve();
  const run = () => {
    running = running
      .then(work)
      .catch((error: unknown) => log.warn("the housekeeping failed; it is tried again in an hour", { error }));
    timer = startTimer(clock, hour, run);
  };
  let timer = startTimer(clock, hour, run);
  return {
    stop() {
      timer.stop();
      return running;
    },
  };
}
