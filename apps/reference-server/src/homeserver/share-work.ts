import { MatrixError } from "@matrix-openapi/server";

/** Does work by its key: who wants what is under way already gets the outcome of that. */
export type ShareWork<T> = (key: string, work: () => Promise<T>) => Promise<T>;

/** Throws what is answered with 429 where `mostAtOnce` are under way already. */
export function shareWork<T>(mostAtOnce = Infinity): ShareWork<T> {
  const underWay = new Map<string, Promise<T>>();
  return (key, work) => {
    const known = underWay.get(key);
    if (known !== undefined) return known;
    if (underWay.size >= mostAtOnce) {
      throw new MatrixError(429, "M_LIMIT_EXCEEDED", "Too much of this is under way: wait a second and try again.", {
        retry_after_ms: 1000,
      });
    }
    const begun = work().finally(() => underWay.delete(key));
    underWay.set(key, begun);
    return begun;
  };
}
