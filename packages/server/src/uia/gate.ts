import type { JsonResult } from "../results.ts";
import type { JsonValue } from "./session.ts";

type StageParams = { readonly [key: string]: JsonValue };

/** What a handler asks of the user before its operation happens. */
export interface UiaRequirement {
  /** The ways through, each a list of stages in order; none may be a prefix of another. */
  readonly flows: readonly (readonly string[])[];
  /** What clients need for the stages, keyed by stage; a function of the session's ID where that is part of it. */
  readonly params?: Readonly<Record<string, StageParams | ((sessionId: string) => StageParams)>>;
  /**
   * True lets the request through unasked. The only exemptions of the specification: guest registration; device signing
   * keys that are the first or unchanged; application services deleting devices or uploading signing keys.
   */
  readonly exempt?: boolean;
}

/** What a completed authentication has shown. */
export interface UiaGrant {
  /** Null where the request was exempt. */
  readonly sessionId: string | null;
  /** The completed stages in order. */
  readonly completed: readonly string[];
  /** What the stages left behind, keyed by stage. */
  readonly evidence: Readonly<Record<string, JsonValue>>;
  /** The account that a stage (a password, an email address) has proven, or null; the token's owner is `ctx.user`. */
  readonly userId: string | null;
}

/** What the work of an operation gets: the grant, and the transaction that its writes belong into. */
export interface UiaWork<Tx> extends UiaGrant {
  readonly tx: Tx;
}

/** User-interactive auth as a handler sees it (`ctx.uia`). */
export interface UiaGate<Tx = undefined> {
  /**
   * Runs `work` exactly once for a completed session, in one transaction with the mark that it is done, and gives the
   * same result to every repetition of the request. Until then the request is answered with a 401 challenge. A result
   * of status 400 or above, and a throw, roll back and leave the session open.
   */
  run<R extends JsonResult>(requirement: UiaRequirement, work: (grant: UiaWork<Tx>) => R | Promise<R>): Promise<R>;
  /**
   * Like `run` with the rest of the handler as its work, outside of any transaction: for handlers whose effect may be
   * repeated after a crash.
   */
  require(flows: UiaRequirement["flows"], options?: Omit<UiaRequirement, "flows">): Promise<UiaGrant>;
}
