import type { UiaGrant } from "@matrix-openapi/server";
import type { ConfiguredRegistrationToken } from "../../configuration/configuration.ts";
import { equalSecrets, hashToken } from "../../crypto/tokens.ts";
import type { Platform } from "../../platform.ts";
import { withTransaction } from "../../storage/database.ts";
import type { Database } from "../../storage/database.ts";
import { equal } from "../../storage/equal.ts";

type Tokens = Pick<Platform, "config" | "db" | "clock">;

/**
 * Whether somebody could start a registration with it now; false for a token that there never was.
 * https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1registermloginregistration_tokenvalidity
 */
export async function isRegistrationTokenValid(tokens: Tokens, text: string): Promise<boolean> {
  const configured = findConfigured(tokens, text);
  if (configured === undefined) return false;
  const row = await tokens.db
    .selectFrom("hs_registration_tokens")
    .select(["uses_pending", "uses_completed"])
    .where("token", "=", configured.token)
    .executeTakeFirst();
  return hasUsesLeft(configured, row);
}

/**
 * Sets one use of a token aside for an authentication, once however often it is asked for; false for a token that is
 * unknown, expired or used up. The use is counted when the account exists, and free again when the session is over.
 */
export async function reserveRegistrationToken(tokens: Tokens, text: string, sessionId: string): Promise<boolean> {
  const { db, clock } = tokens;
  const configured = findConfigured(tokens, text);
  if (configured === undefined) return false;
  const { token } = configured;
  const reservation = { session_id_hash: hashToken(sessionId), token };
  return withTransaction(db, async () => {
    const reserved = await db
      .selectFrom("hs_registration_token_reservations")
      .select("token")
      .where(equal({ session_id_hash: reservation.session_id_hash, token }))
      .executeTakeFirst();
    if (reserved !== undefined) return true;
    const row = await storedCounts(db, configured);
    if (!hasUsesLeft(configured, row)) return false;
    await db
      .insertInto("hs_registration_token_reservations")
      .values({ ...reservation, reserved_at: clock.now() })
      .execute();
    await addUses(db, token, { pending: 1, completed: 0 });
    return true;
  });
}

/** Counts the token of an authentication as used; call it in the transaction that creates the account. */
export async function countRegistrationToken(db: Database, { sessionId, evidence }: UiaGrant): Promise<void> {
  const proof = evidence["m.login.registration_token"] as RegistrationTokenEvidence | undefined; // that stage's own
  if (proof === undefined || sessionId === null) return;
  const { numDeletedRows } = await db
    .deleteFrom("hs_registration_token_reservations")
    .where(equal({ session_id_hash: hashToken(sessionId), token: proof.token }))
    .executeTakeFirst();
  await addUses(db, proof.token, { pending: -Number(numDeletedRows), completed: 1 });
}

/** What the stage `m.login.registration_token` leaves behind: which token it was. */
export type RegistrationTokenEvidence = { readonly token: string };

/** Gives back the uses that sessions had set aside which are gone; call it after removing those. */
export async function releaseReservations(db: Database): Promise<void> {
  const released = await db
    .deleteFrom("hs_registration_token_reservations")
    .where("session_id_hash", "not in", db.selectFrom("hs_uia_sessions").select("session_id_hash"))
    .returning("token")
    .execute();
  for (const { token } of released) await addUses(db, token, { pending: -1, completed: 0 });
}

interface Counts {
  readonly uses_pending: number;
  readonly uses_completed: number;
}

/** The configuration says which tokens there are, the database only how often they were used. */
function findConfigured({ config, clock }: Tokens, text: string): ConfiguredRegistrationToken | undefined {
  const configured = config.registration.tokens.find(({ token }) => equalSecrets(token, text));
  return configured?.expiresAt !== undefined && configured.expiresAt <= clock.now() ? undefined : configured;
}

function hasUsesLeft({ usesAllowed }: ConfiguredRegistrationToken, counts: Counts | undefined): boolean {
  if (usesAllowed === undefined) return true;
  return (counts?.uses_pending ?? 0) + (counts?.uses_completed ?? 0) < usesAllowed;
}

async function storedCounts(
  db: Database,
  { token, usesAllowed, expiresAt }: ConfiguredRegistrationToken,
): Promise<Counts> {
  const limits = { uses_allowed: usesAllowed ?? null, expires_at: expiresAt ?? null };
  return db
    .insertInto("hs_registration_tokens")
    .values({ token, uses_pending: 0, uses_completed: 0, ...limits })
    .onConflict((conflict) => conflict.column("token").doUpdateSet(limits))
    .returning(["uses_pending", "uses_completed"])
    .executeTakeFirstOrThrow();
}

async function addUses(db: Database, token: string, uses: { pending: number; completed: number }): Promise<void> {
  await db
    .updateTable("hs_registration_tokens")
    .set(({ eb }) => ({
      uses_pending: eb("uses_pending", "+", uses.pending),
      uses_completed: eb("uses_completed", "+", uses.completed),
    }))
    .where("token", "=", token)
    .execute();
}
