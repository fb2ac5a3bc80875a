/** Wakes everyone who waits, once; whoever asks afterwards waits for the next time. */
export interface CommitSignal {
  next(): Promise<void>;
  fire(): void;
}

export function createCommitSignal(): CommitSignal {
  let waiting = Promise.withResolvers<void>();
  return {
    next: () => waiting.promise,
    fire() {
      const { resolve } = waiting;
      waiting = Promise.withResolvers<void>();
      resolve();
    },
  };
}
