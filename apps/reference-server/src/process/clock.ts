/** Where time comes from: every lifetime in the servers is computed from it, so that a test can move a day on. */
export interface Clock {
  /** Milliseconds since the Unix epoch, as Matrix timestamps are. */
  now(): number;
  /** Calls back whenever the clock jumps, until what is returned is called. A clock that only runs has none. */
  onJump?(listener: () => void): () => void;
}

/** A clock that a test moves by hand. */
export interface ManualClock extends Clock {
  /** Moves on at once; what waited for a time that has come goes on, as far as it can, by itself. */
  advance(milliseconds: number): void;
}

export const systemClock: Clock = { now: () => Date.now() };

/** Tests of session lifetimes start here and `advance` past them, rather than wait. */
export function createManualClock(start: number = Date.now()): ManualClock {
  const listeners = new Set<() => void>();
  let now = start;
  return {
    now: () => now,
    onJump(listener) {
      const own = () => listener(); // so that the same listener may come twice
      listeners.add(own);
      return () => listeners.delete(own);
    },
    advance(milliseconds) {
      now += milliseconds;
      for (const listener of listeners) listener();
    },
  };
}
