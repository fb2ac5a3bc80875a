import { equalSecrets } from "../crypto/tokens.ts";
import type { ValidationSessionTable } from "../storage/validation-sessions.ts";
import type {
  FindOutcome,
  Medium,
  SessionCredentials,
  ValidatedSession,
  ValidationSessionsOptions,
} from "./validation-sessions.ts";

/**
 * What a session has validated; with `purposes`, a session of another purpose is as good as unknown.
 * https://spec.matrix.org/v1.19/identity-service-api/#get_matrixidentityv23pidgetvalidated3pid
 */
export async function findValidated(
  options: ValidationSessionsOptions,
  credentials: SessionCredentials,
  purposes: readonly string[] | undefined,
): Promise<FindOutcome> {
  const row = await findRow(options, credentials);
  if (row === undefined || purposes?.includes(row.purpose) === false) return { ok: false, reason: "unknown-session" };
  if (row.validated_at === null) return { ok: false, reason: "not-validated" };
  if (isExpired(options, row)) return { ok: false, reason: "expired" };
  return { ok: true, session: toValidated(row, row.validated_at) };
}

/** A wrong secret and an unknown ID look the same, so that session IDs cannot be tried out. */
export async function findRow(
  { db, table }: ValidationSessionsOptions,
  { sid, clientSecret }: SessionCredentials,
): Promise<ValidationSessionTable | undefined> {
  const row = await db.selectFrom(table).selectAll().where("sid", "=", sid).executeTakeFirst();
  return row !== undefined && equalSecrets(row.client_secret, clientSecret) ? row : undefined;
}

export function isExpired(
  { clock, limits }: ValidationSessionsOptions,
  row: Pick<ValidationSessionTable, "changed_at">,
): boolean {
  return clock.now() - row.changed_at > limits.sessionLifetimeMs;
}

export function toValidated(row: ValidationSessionTable, validatedAt: number): ValidatedSession {
  const medium = row.medium as Medium; // only `requestToken` writes it
  return { sid: row.sid, medium, address: row.address, purpose: row.purpose, validatedAt };
}

/** Ends a session that was used up; false if it was gone. Call it in the transaction that uses it. */
export async function removeSession({ db, table }: ValidationSessionsOptions, sid: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom(table).where("sid", "=", sid).executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Expired sessions are kept for a while, to be told from unknown ones; run now and then. */
export async function pruneSessions({ db, table, clock, limits }: ValidationSessionsOptions): Promise<void> {
  const longAgo = clock.now() - 7 * limits.sessionLifetimeMs;
  await db.deleteFrom(table).where("changed_at", "<", longAgo).execute();
}
