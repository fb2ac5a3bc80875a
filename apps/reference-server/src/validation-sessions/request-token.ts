import { createToken } from "../crypto/tokens.ts";
import { randomBase64url, randomDigits } from "../crypto/random.ts";
import { withTransaction } from "../storage/database.ts";
import { equal } from "../storage/equal.ts";
import { consumeRateLimit } from "../storage/rate-limit.ts";
import type { ValidationSessionTable } from "../storage/validation-sessions.ts";
import { isExpired } from "./find-session.ts";
import type { SendToken, TokenRequest, TokenRequestOutcome, ValidationSessionsOptions } from "./validation-sessions.ts";

/**
 * Starts a session, or continues the one of this secret, address and purpose. `send` is called after the commit, and
 * only where a message is due: for a `send_attempt` that is higher than any before.
 * https://spec.matrix.org/v1.19/identity-service-api/#post_matrixidentityv2validateemailrequesttoken
 *
 * The attempt is claimed before the message is sent and given back if sending fails: of any number of simultaneous
 * requests one sends, and a client whose message was lost here can ask again with the same number.
 */
export async function requestToken(
  options: ValidationSessionsOptions,
  request: TokenRequest,
  send: SendToken,
): Promise<TokenRequestOutcome> {
  const claim = await withTransaction(options.db, () => claimAttempt(options, request));
  if (claim.kind === "rate-limited") return { ok: false, reason: "rate-limited", retryAfterMs: claim.retryAfterMs };
  const { sid, token } = claim.row;
  if (claim.kind === "sent-before") return { ok: true, sid };
  const outcome = await send({ sid, token, clientSecret: request.clientSecret }).catch(async (error: unknown) => {
    await giveBack(options, sid, request.sendAttempt, claim.row.send_attempt);
    throw error;
  });
  if (outcome.ok) return { ok: true, sid };
  await giveBack(options, sid, request.sendAttempt, claim.row.send_attempt);
  return { ok: false, reason: outcome.reason };
}

type Claim =
  | { readonly kind: "due" | "sent-before"; readonly row: ValidationSessionTable }
  | { readonly kind: "rate-limited"; readonly retryAfterMs: number };

/** Lower than any number a client may send, 0 included. */
const nothingSent = -1;

async function claimAttempt(options: ValidationSessionsOptions, request: TokenRequest): Promise<Claim> {
  const { db, table, clock, rateLimits } = options;
  const found = await findOpen(options, request);
  if (found !== undefined && request.sendAttempt <= found.send_attempt) return { kind: "sent-before", row: found };
  const bucket = `requestToken:${request.medium}:${request.address}`;
  const use = await consumeRateLimit(db, clock, { table: rateLimits.table, limit: rateLimits.limit, bucket });
  if (!use.allowed) return { kind: "rate-limited", retryAfterMs: use.retryAfterMs };
  const row = found ?? (await createSession(options, request));
  await db
    .updateTable(table)
    .set({ send_attempt: request.sendAttempt, next_link: webLink(request.nextLink), changed_at: clock.now() })
    .where("sid", "=", row.sid)
    .execute();
  return { kind: "due", row };
}

/** A session that is over makes room for a new one, with an ID and a token of its own. */
async function findOpen(
  options: ValidationSessionsOptions,
  request: TokenRequest,
): Promise<ValidationSessionTable | undefined> {
  const { db, table, limits } = options;
  const row = await db
    .selectFrom(table)
    .selectAll()
    .where(
      equal({
        purpose: request.purpose,
        medium: request.medium,
        address: request.address,
        client_secret: request.clientSecret,
      }),
    )
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const isExhausted = row.validated_at === null && row.failed_attempts >= limits.maximumAttempts;
  if (!isExhausted && !isExpired(options, row)) return row;
  await db.deleteFrom(table).where("sid", "=", row.sid).execute();
  return undefined;
}

async function createSession(
  { db, table, clock, random }: ValidationSessionsOptions,
  request: TokenRequest,
): Promise<ValidationSessionTable> {
  const row: ValidationSessionTable = {
    sid: createToken(random, "session"),
    medium: request.medium,
    address: request.address,
    client_secret: request.clientSecret,
    purpose: request.purpose,
    // A person copies the one from a phone and clicks on the other.
    token: request.medium === "msisdn" ? randomDigits(random, 6) : randomBase64url(random, 32),
    send_attempt: nothingSent,
    next_link: null,
    failed_attempts: 0,
    created_at: clock.now(),
    changed_at: clock.now(),
    validated_at: null,
  };
  await db.insertInto(table).values(row).execute();
  return row;
}

async function giveBack(
  { db, table }: ValidationSessionsOptions,
  sid: string,
  claimed: number,
  before: number,
): Promise<void> {
  await db
    .updateTable(table)
    .set({ send_attempt: before })
    .where(equal({ sid, send_attempt: claimed })) // a later attempt stays claimed
    .execute();
}

/** A browser is sent there: `javascript:` and the like must not come through, nor what no header can carry. */
function webLink(link: string | undefined): string | null {
  const url = link === undefined ? null : URL.parse(link);
  if (link === undefined || url === null || !/^https?:$/.test(url.protocol)) return null;
  return /^[!-~]+$/.test(link) ? link : url.href;
}
