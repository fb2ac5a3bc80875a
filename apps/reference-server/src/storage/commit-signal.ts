/** Wakes everyone who waits, once; whoever asks afterwards waits for the next time. */
export interface CommitSignal {
  /** Not longer than that: resolves in any case. */
  next(timeoutMs: number): Promise<void>;
  fire(): void;
}

export function createCommitSignal(): CommitSignal {
  const waiting = new Set<() => void>();
  return {
    next(timeoutMs) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const wake = () => {
        clearTimeout(timer);
        waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, timeoutMs).unref(); // nothing is lost where the process ends before
      waiting.add(wake);
      return promise;
    },
    fire() {
      for (const wake of waiting) wake();
    },
  };
}
