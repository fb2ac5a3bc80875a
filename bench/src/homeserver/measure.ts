import { setTimeout } from "node:timers/promises";

/** How long each of so many takes, in milliseconds, one after the other; `once` is given its number. */
export async function measure(
  count: number,
  once: (number: number) => Promise<unknown>,
  pauseMs?: number,
): Promise<number[]> {
  const times: number[] = [];
  for (let number = 0; number < count; number += 1) {
    const start = performance.now();
    await once(number);
    times.push(performance.now() - start);
    if (pauseMs !== undefined) await setTimeout(pauseMs);
  }
  return times.slice(count / 10); // what is compiled at first use is no part of it
}

/** The value that so many of a hundred do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN;
}
