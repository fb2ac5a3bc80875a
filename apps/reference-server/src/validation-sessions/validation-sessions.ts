import type { RateLimit, ValidationLimits } from "../configuration/configuration.ts";
import type { Random } from "../crypto/random.ts";
import type { SendOutcome } from "../mail/mailer.ts";
import type { Clock } from "../process/clock.ts";
import type { Database } from "../storage/database.ts";
import { findValidated, pruneSessions } from "./find-session.ts";
import { requestToken } from "./request-token.ts";
import { submitToken } from "./submit-token.ts";

/** Whose sessions they are, and what they live by. */
export interface ValidationSessionsOptions {
  readonly db: Database;
  readonly table: "hs_validation_sessions" | "is_validation_sessions";
  readonly rateLimits: { readonly table: "hs_rate_limits" | "is_rate_limits"; readonly limit: RateLimit | false };
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: ValidationLimits;
}

export type Medium = "email" | "msisdn";

export interface TokenRequest {
  readonly medium: Medium;
  /** Canonical, see `threepids/`. */
  readonly address: string;
  readonly clientSecret: string;
  readonly sendAttempt: number;
  /** As the client gave it; anything but http(s) is ignored, as servers may. */
  readonly nextLink: string | undefined;
  /** What the session may be used for, in the server's own words: one asked for a password reset adds no 3PID. */
  readonly purpose: string;
}

/** What the message to the address has to carry. */
export interface TokenMessage {
  readonly sid: string;
  readonly clientSecret: string;
  readonly token: string;
}

export type TokenRequestOutcome =
  | { readonly ok: true; readonly sid: string }
  /** As the mailer and the SMS sender say it; the same `send_attempt` may be tried again. */
  | { readonly ok: false; readonly reason: "rejected" | "unavailable" }
  | { readonly ok: false; readonly reason: "rate-limited"; readonly retryAfterMs: number };

export interface SessionCredentials {
  readonly sid: string;
  readonly clientSecret: string;
}

export interface ValidatedSession {
  readonly sid: string;
  readonly medium: Medium;
  readonly address: string;
  readonly purpose: string;
  readonly validatedAt: number;
}

export type SubmitOutcome =
  | { readonly ok: true; readonly session: ValidatedSession; readonly nextLink: string | null }
  /** `exhausted`: too many wrong tokens; the session is over as if it had expired. */
  | { readonly ok: false; readonly reason: "unknown-session" | "incorrect" | "expired" | "exhausted" };

export type FindOutcome =
  | { readonly ok: true; readonly session: ValidatedSession }
  | { readonly ok: false; readonly reason: "unknown-session" | "not-validated" | "expired" };

/**
 * The sessions in which the owner of an address shows that it is theirs; homeserver and identity server keep the same
 * kind. https://spec.matrix.org/v1.19/identity-service-api/#establishing-associations
 */
export interface ValidationSessions {
  /**
   * Starts a session, or continues the one of this secret, address and purpose. `send` is called after the commit, and
   * only where a message is due: for a `send_attempt` that is higher than any before.
   */
  request(request: TokenRequest, send: (message: TokenMessage) => Promise<SendOutcome>): Promise<TokenRequestOutcome>;
  /** Validates the address; again, for a session that is validated already. Nothing is published. */
  submit(credentials: SessionCredentials, token: string): Promise<SubmitOutcome>;
  /** What a session has validated; with `purposes`, a session of another purpose is as good as unknown. */
  find(credentials: SessionCredentials, purposes?: readonly string[]): Promise<FindOutcome>;
  /** Ends a session that was used up; false if it was gone. Call it in the transaction that uses it. */
  remove(sid: string): Promise<boolean>;
  /** Forgets sessions that expired long ago; run now and then. */
  prune(): Promise<void>;
}

export function createValidationSessions(options: ValidationSessionsOptions): ValidationSessions {
  return {
    request: (request, send) => requestToken(options, request, send),
    submit: (credentials, token) => submitToken(options, credentials, token),
    find: (credentials, purposes) => findValidated(options, credentials, purposes),
    async remove(sid) {
      const removed = await options.db.deleteFrom(options.table).where("sid", "=", sid).executeTakeFirst();
      return removed.numDeletedRows > 0n;
    },
    prune: () => pruneSessions(options),
  };
}
