import type { Log } from "./log.ts";

const hour = 3_600_000;

/** Every hour, for as long as the process has something else to do. */
export function repeatPeriodically(log: Log, work: () => Promise<void>): { stop(): void } {
  const run = () => {
    work().catch((error: unknown) => log.warn("the housekeeping failed; it is tried again in an hour", { error }));
  };
  const timer = setInterval(run, hour);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
