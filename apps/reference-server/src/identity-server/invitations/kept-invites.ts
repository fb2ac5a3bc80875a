import type { Platform } from "../../platform.ts";
import { withTransaction } from "../../storage/database.ts";
import { equal } from "../../storage/equal.ts";
import { consumeRateLimit } from "../../storage/rate-limit.ts";
import type { HandlerContext } from "../identity.ts";

interface NewInvite {
  /** Canonical. */
  readonly address: string;
  readonly token: string;
  /** Of the ephemeral key. */
  readonly publicKey: string;
  readonly displayName: string;
}

type KeepOutcome =
  | { readonly kind: "kept" }
  | { readonly kind: "bound"; readonly userId: string }
  | { readonly kind: "rate-limited"; readonly retryAfterMs: number };

/** In one transaction, so that an address cannot be bound between the look and the keeping. */
export function keepInvite(
  { db, clock, config }: Platform,
  body: HandlerContext<"storeInvite">["body"],
  { address, token, publicKey, displayName }: NewInvite,
): Promise<KeepOutcome> {
  return withTransaction(db, async (): Promise<KeepOutcome> => {
    const association = await db
      .selectFrom("is_associations")
      .select("user_id")
      .where(equal({ medium: "email", address }))
      .where("not_after", ">=", clock.now())
      .executeTakeFirst();
    if (association !== undefined) return { kind: "bound", userId: association.user_id };
    const use = {
      table: "is_rate_limits",
      bucket: `invite:${address}`,
      limit: config.rateLimits.requestToken,
    } as const;
    const allowance = await consumeRateLimit(db, clock, use);
    if (!allowance.allowed) return { kind: "rate-limited", retryAfterMs: allowance.retryAfterMs };
    const { medium, address: _written, room_id, sender, ...details } = body;
    const row = {
      token,
      medium,
      address,
      room_id,
      sender,
      details: JSON.stringify(details),
      display_name: displayName,
      ephemeral_public_key: publicKey,
      created_at: clock.now(),
      delivered_at: null,
      delivery_attempts: 0,
    };
    await db.insertInto("is_invites").values(row).execute();
    return { kind: "kept" };
  });
}

export async function forgetInvite({ db }: Platform, token: string): Promise<void> {
  await db.deleteFrom("is_invites").where("token", "=", token).execute();
}
