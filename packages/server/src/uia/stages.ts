import type { AuthenticatedUser } from "../handlers.ts";
import type { JsonValue, UiaSession } from "./session.ts";

/** One attempt at a stage, already known to be of the right shape and in the right order. */
export interface UiaAttempt {
  /** The `auth` object of the request; its secrets must not outlive the attempt. */
  readonly auth: { readonly type: string; readonly session: string; readonly [field: string]: unknown };
  readonly session: UiaSession;
  /** What the challenge told the client about this stage. */
  readonly params: { readonly [key: string]: JsonValue };
  /** The owner of the request's access token. */
  readonly user: AuthenticatedUser | undefined;
  readonly remoteAddress: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * How an attempt ended. `userId` names the account whose owner the credential proves; it is refused when that is not
 * the token's owner. `pending` is for stages of several requests: `extra` goes to the client beside the challenge.
 */
export type UiaAttemptOutcome =
  | { readonly ok: true; readonly evidence?: JsonValue; readonly userId?: string }
  | { readonly ok: false; readonly errcode: string; readonly error: string }
  | { readonly pending: true; readonly extra: { readonly [key: string]: JsonValue } };

/** An attempt that failed: the challenge comes again, with this error beside it. */
export function refusedAttempt(errcode: string, error: string): UiaAttemptOutcome {
  return { ok: false, errcode, error };
}

/**
 * Decides about one attempt. It may throw a `MatrixError`, which is answered without a challenge (a rate limit). A
 * password stage must look whether the identifier is the token's owner before it checks the password, or it becomes an
 * oracle for other people's passwords.
 */
export type UiaStage = (attempt: UiaAttempt) => UiaAttemptOutcome | Promise<UiaAttemptOutcome>;

/** Stage handlers by authentication type; a type without one is completed elsewhere, through `completeStage`. */
export type UiaStages = Readonly<Record<string, UiaStage>>;

/** The stages that ask for nothing but to be named; registered already, and replaceable. */
export const selfCompletingStages: UiaStages = {
  "m.login.dummy": () => ({ ok: true }),
  "m.login.terms": () => ({ ok: true }),
};
