import { equalSecrets } from "../crypto/tokens.ts";
import { withTransaction } from "../storage/database.ts";
import { findRow, isExpired, toValidated } from "./find-session.ts";
import type { SessionCredentials, SubmitOutcome, ValidationSessionsOptions } from "./validation-sessions.ts";

/**
 * Validates the address; again, for a session that is validated already. Nothing is published.
 * https://spec.matrix.org/v1.19/identity-service-api/#post_matrixidentityv2validateemailsubmittoken
 *
 * In one transaction with the count of failures, so that simultaneous guesses are counted one by one.
 */
export function submitToken(
  options: ValidationSessionsOptions,
  credentials: SessionCredentials,
  token: string,
): Promise<SubmitOutcome> {
  const { db, table, clock, limits } = options;
  return withTransaction(db, async (): Promise<SubmitOutcome> => {
    const row = await findRow(options, credentials);
    if (row === undefined) return { ok: false, reason: "unknown-session" };
    if (isExpired(options, row)) return { ok: false, reason: "expired" };
    const update = db.updateTable(table).where("sid", "=", row.sid);
    if (row.validated_at === null && row.failed_attempts >= limits.maximumAttempts) {
      return { ok: false, reason: "exhausted" };
    }
    if (!equalSecrets(row.token, token.trim())) {
      await update.set({ failed_attempts: row.failed_attempts + 1 }).execute();
      return { ok: false, reason: "incorrect" };
    }
    const now = clock.now();
    // Following the link once more changes nothing: a session is not kept alive that way.
    if (row.validated_at === null) await update.set({ validated_at: now, changed_at: now }).execute();
    return { ok: true, session: toValidated(row, row.validated_at ?? now), nextLink: row.next_link };
  });
}
