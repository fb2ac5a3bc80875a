import type { Exchange } from "./exchange.ts";
import { summary } from "./exchange.ts";

/** What a check found out. A violation is data: the run goes on and the report shows it. */
export type Outcome = Passed | Failed | Skipped;

export interface Passed {
  readonly result: "pass";
  /** What an "info" rule reports, or what a rule could not cover on this server. */
  readonly note?: string;
}

export interface Failed {
  readonly result: "fail";
  readonly expected: string;
  readonly found: string;
  readonly exchange: Exchange | null;
}

export interface Skipped {
  readonly result: "skip";
  readonly reason: string;
}

/** The server obeys the rule. */
export function pass(note?: string): Passed {
  return note === undefined ? { result: "pass" } : { result: "pass", note };
}

/** The server breaks the rule; `found` is the answer itself unless something in it has to be pointed at. */
export function fail(exchange: Exchange | null, expected: string, found?: string): Failed {
  return { result: "fail", expected, found: found ?? (exchange === null ? "nothing" : summary(exchange)), exchange };
}

/** The rule does not apply to this server, because it does not offer what the rule is about. */
export function skip(reason: string): Skipped {
  return { result: "skip", reason };
}

/** Thrown by the steps that lead up to a check when the server rightly does not offer what they need: a skip. */
export class NotOffered extends Error {
  override readonly name = "NotOffered";
}

/**
 * Thrown by the steps that lead up to a check when the server answers them wrongly. The rule itself was not judged, so
 * the outcome is "blocked": neither passed nor failed, but never a clean run.
 */
export class Blocked extends Error {
  override readonly name = "Blocked";
  readonly exchange: Exchange | null;

  constructor(exchange: Exchange | null, step: string) {
    super(exchange === null ? step : `${step}, but got ${summary(exchange)}`);
    this.exchange = exchange;
  }
}
