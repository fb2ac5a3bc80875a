/** Resolves when all earlier turns are over, with the function that ends the new one. */
export type TakeTurn = () => Promise<() => void>;

export function createTurns(): TakeTurn {
  let last: Promise<void> = Promise.resolve();
  return async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const earlier = last;
    last = promise;
    await earlier;
    return resolve;
  };
}
