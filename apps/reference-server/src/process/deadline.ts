import type { Clock } from "./clock.ts";

/** Tells how much is left of a time that begins now, and is over when it has passed by the clock or really. */
export function startDeadline(clock: Clock, milliseconds: number): () => number {
  const byClock = clock.now() + milliseconds;
  const really = performance.now() + milliseconds;
  return () => Math.min(byClock - clock.now(), really - performance.now());
}
