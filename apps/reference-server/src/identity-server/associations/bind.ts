import { error, ok } from "@matrix-openapi/server";
import { signJson } from "../../crypto/signing-keys.ts";
import { withTransaction } from "../../storage/database.ts";
import type { ValidatedSession } from "../../validation-sessions/validation-sessions.ts";
import type { Handler, Identity } from "../identity.ts";
import { lookupHash } from "../lookup/lookup-hash.ts";
import { currentPepper } from "../lookup/pepper.ts";
import { sessionError } from "./validated-threepid.ts";

/**
 * Publishes an association, and then sees to the invitations that have waited for it; these never make it fail. Of
 * the one who asks alone: lookups and invitations must not lead to somebody who has not agreed to it.
 * https://spec.matrix.org/v1.19/identity-service-api/#post_matrixidentityv23pidbind
 */
export function bind(identity: Identity): Handler<"bind"> {
  const { db, sessions, delivery, signingKey, serverName } = identity;
  return async ({ body, user }) => {
    if (body.mxid !== user.id) {
      return error(403, "M_FORBIDDEN", "mxid is not the owner of the access token: bind the address to yourself.");
    }
    const credentials = { sid: body.sid, clientSecret: body.client_secret };
    const outcome = await withTransaction(db, async () => {
      const found = await sessions.find(credentials);
      return found.ok ? { ok: true as const, association: await publish(identity, found.session, body.mxid) } : found;
    });
    if (!outcome.ok) return sessionError(outcome);
    delivery.start();
    return ok(signJson(outcome.association, serverName, signingKey));
  };
}

async function publish(identity: Identity, { medium, address }: ValidatedSession, mxid: string) {
  const { db, clock, config } = identity;
  const ts = clock.now();
  const times = { ts, not_before: ts, not_after: ts + config.identity.associationLifetimeMs };
  const columns = { user_id: mxid, ...times, lookup_hash: lookupHash(address, medium, await currentPepper(identity)) };
  await db
    .insertInto("is_associations")
    .values({ medium, address, ...columns })
    .onConflict((conflict) => conflict.columns(["medium", "address"]).doUpdateSet(columns))
    .execute();
  return { medium, address, mxid, ...times };
}
