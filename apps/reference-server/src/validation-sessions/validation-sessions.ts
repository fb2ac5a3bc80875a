import type { RateLimit, ValidationLimits } from "../configuration/configuration.ts";
import type { Random } from "../crypto/random.ts";
import type { SendOutcome } from "../mail/mailer.ts";
import type { Platform } from "../platform.ts";
import type { Clock } from "../process/clock.ts";
import type { Database } from "../storage/database.ts";
import { findValidated, pruneSessions, removeSession } from "./find-session.ts";
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

export type SendToken = (message: TokenMessage) => Promise<SendOutcome>;

export type TokenRequestOutcome =
  | { readonly ok: true; readonly sid: string }
  /** As the mailer and the SMS sender say it; the same `send_attempt` may be tried again. */
  | { readonly ok: false; readonly reason: "rejected" | "unavailable" }
  | { readonly ok: false; readonly reason: "rate-limited"; readonly retryAfterMs: number };

export interface SessionCredentials {
  readonly sid: string;
  readonly clientSecret: string;
}

/** A type, not an interface, so that it is assignable to JsonValue. */
export type ValidatedSession = {
  readonly sid: string;
  readonly medium: Medium;
  /** Canonical. */
  readonly address: string;
  readonly purpose: string;
  /** Milliseconds since the epoch. */
  readonly validatedAt: number;
};

export type SubmitOutcome =
  | { readonly ok: true; readonly session: ValidatedSession; readonly nextLink: string | null }
  /** `exhausted`: too many wrong tokens; the session is over as if it had expired. */
  | { readonly ok: false; readonly reason: "unknown-session" | "incorrect" | "expired" | "exhausted" };

export type FindOutcome =
  | { readonly ok: true; readonly session: ValidatedSession }
  | { readonly ok: false; readonly reason: "unknown-session" | "not-validated" | "expired" };

export type ValidationSessions = ReturnType<typeof createValidationSessions>;

/**
 * The sessions in which the owner of an address shows that it is theirs; homeserver and identity server keep the same
 * kind. https://spec.matrix.org/v1.19/identity-service-api/#establishing-associations
 */
export function createValidationSessions(options: ValidationSessionsOptions) {
  return {
    request: (request: TokenRequest, send: SendToken) => requestToken(options, request, send),
    submit: (credentials: SessionCredentials, token: string) => submitToken(options, credentials, token),
    find: (credentials: SessionCredentials, purposes?: readonly string[]) =>
      findValidated(options, credentials, purposes),
    remove: (sid: string) => removeSession(options, sid),
    prune: () => pruneSessions(options),
  };
}

/** The sessions of one of our servers. */
export function validationSessionsOf(
  { db, clock, random, config }: Pick<Platform, "db" | "clock" | "random" | "config">,
  server: "hs" | "is",
): ValidationSessions {
  return createValidationSessions({
    db,
    table: `${server}_validation_sessions`,
    rateLimits: { table: `${server}_rate_limits`, limit: config.rateLimits.requestToken },
    clock,
    random,
    limits: config.validation,
  });
}
