/** Asks about any number of values, so many at a time that either database takes them in one statement. */
export async function inBatches<T, R>(values: Iterable<T>, ask: (batch: T[]) => Promise<R[]>): Promise<R[]> {
  const all = [...values];
  const answers: R[] = [];
  for (let start = 0; start < all.length; start += batchSize) {
    for (const answer of await ask(all.slice(start, start + batchSize))) answers.push(answer);
  }
  return answers;
}

const batchSize = 500;
