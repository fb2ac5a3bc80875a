import { isDeepStrictEqual } from "node:util";
import { isObject } from "./json.ts";

/** One fact that upstream has otherwise than we. */
export interface Difference {
  /**
   * Names from the file of facts inwards, such as `["client-server", "operations", "sync", "params", "query since",
   * "type"]`.
   */
  readonly at: readonly string[];
  /** What we have; undefined where upstream added it. */
  readonly ours: unknown;
  /** What upstream has; undefined where upstream removed it. */
  readonly upstream: unknown;
}

/**
 * Every fact that differs, given both sides keyed by name; lists such as `required` and `enum` are compared as a whole.
 */
export function diffFacts(ours: unknown, upstream: unknown, at: readonly string[] = []): Difference[] {
  if (isObject(ours) && isObject(upstream)) {
    const names = [...new Set([...Object.keys(ours), ...Object.keys(upstream)])].toSorted();
    return names.flatMap((name) => diffFacts(ours[name], upstream[name], [...at, name]));
  }
  return isDeepStrictEqual(ours, upstream) ? [] : [{ at, ours, upstream }];
}
