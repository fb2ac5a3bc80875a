import { error } from "@matrix-openapi/server";
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

/** Why an invitation is not kept, or undefined. In one transaction, so that an address cannot be bound between the look and the keeping. */
export function keepInvite(
  { db, clock, config }: Platform,
  body: HandlerContext<"storeInvite">["body"],
  { address, token, publicKey, displayName }: NewInvite,
) {
  return withTransaction(db, async () => {
    const association = await db
      .selectFrom("is_associations")
      .select("user_id")
      .where(equal({ medium: "email", address }))
      .where("not_after", ">=", clock.now())
      .executeTakeFirst();
    if (association !== undefined) {
      const message = "The address belongs to a Matrix user: invite that user.";
      return error(400, "M_THREEPID_IN_USE", message, { mxid: association.user_id });
    }
    const bucket = `invite:${address}`;
    const limit = config.rateLimits.requestToken;
    const use = await consumeRateLimit(db, clock, { table: "is_rate_limits", bucket, limit });
    if (!use.allowed) {
      const message = "Too many invitations to this address: wait before you send another one.";
      return error(429, "M_LIMIT_EXCEEDED", message, { retry_after_ms: use.retryAfterMs });
    }
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
    return undefined;
  });
}

export async function forgetInvite({ db }: Platform, token: string): Promise<void> {
  await db.deleteFrom("is_invites").where("token", "=", token).execute();
}
