import type { Clock } from "./clock.ts";

/** Timers of Node take no more. */
const longestTimer = 2 ** 31 - 1;

/**
 * Calls `work` once, after that time has passed by the clock or really, whichever comes first: a test moves it on, and a
 * clock that stands still stops nothing. The process does not stay for it.
 */
export function startTimer(clock: Clock, milliseconds: number, work: () => void): { stop(): void } {
  const due = clock.now() + milliseconds;
  const stop = () => {
    clearTimeout(timer);
    stopListening?.();
  };
  const end = () => {
    stop();
    work();
  };
  const timer = setTimeout(end, Math.min(milliseconds, longestTimer)).unref();
  const stopListening = clock.onJump?.(() => {
    if (clock.now() >= due) end();
  });
  return { stop };
}
