import type { Platform } from "../../platform.ts";

/** All invitations for one address, and who has bound it. */
export interface Delivery {
  readonly medium: string;
  readonly address: string;
  readonly mxid: string;
  readonly attempts: number;
  readonly invites: readonly { readonly token: string; readonly roomId: string; readonly sender: string }[];
}

/** With pauses that double up to an hour, half a day; then the homeserver is taken not to want them. */
const maximumAttempts = 24;

export async function pendingDeliveries({ db }: Platform): Promise<Delivery[]> {
  const rows = await db
    .selectFrom("is_invites as invite")
    .innerJoin("is_associations as association", (join) =>
      join.onRef("association.medium", "=", "invite.medium").onRef("association.address", "=", "invite.address"),
    )
    .where("invite.delivered_at", "is", null)
    .where("invite.delivery_attempts", "<", maximumAttempts)
    .selectAll("invite")
    .select("association.user_id")
    .orderBy("invite.created_at")
    .execute();
  const byAddress = Map.groupBy(rows, ({ medium, address }) => JSON.stringify([medium, address]));
  return [...byAddress.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { medium, address, user_id: mxid } = first;
    const attempts = Math.min(...group.map((row) => row.delivery_attempts));
    const invites = group.map((row) => ({ token: row.token, roomId: row.room_id, sender: row.sender }));
    return [{ medium, address, mxid, attempts, invites }];
  });
}

export async function recordDelivery(
  { db, clock }: Platform,
  { invites }: Delivery,
  delivered: boolean,
): Promise<void> {
  const tokens = invites.map(({ token }) => token);
  await db
    .updateTable("is_invites")
    .set((row) => ({
      delivery_attempts: row("delivery_attempts", "+", 1),
      delivered_at: delivered ? clock.now() : null,
    }))
    .where("token", "in", tokens)
    .where("delivered_at", "is", null) // another process may have been faster
    .execute();
}
