/** Where time comes from: every lifetime in the servers is computed from it, so that a test can move a day on. */
export interface Clock {
  /** Milliseconds since the Unix epoch, as Matrix timestamps are. */
  now(): number;
}

/** A clock that a test moves by hand. */
export interface ManualClock extends Clock {
  advance(milliseconds: number): void;
}

export const systemClock: Clock = { now: () => Date.now() };

/** Tests of session lifetimes start here and `advance` past them, rather than wait. */
export function createManualClock(start: number = Date.now()): ManualClock {
  let now = start;
  return {
    now: () => now,
    advance(milliseconds) {
      now += milliseconds;
    },
  };
}
