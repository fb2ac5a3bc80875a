import type { components } from "@matrix-openapi/definitions/client-server";
import type { Platform } from "../../platform.ts";
import { withTransaction } from "../../storage/database.ts";
import { equal } from "../../storage/equal.ts";
import { voidProofs } from "../accounts/credential-generation.ts";
import { canonicalThreepid } from "./canonical-threepid.ts";
import { unbindAtIdentityServer } from "./unbind-at-identity-server.ts";
import type { Association, UnbindResult } from "./unbind-at-identity-server.ts";

type RemoveRequest = components["schemas"]["RemoveThreepidRequest"];

/**
 * Withdraws the association of one address with a user, at the identity server that is named, or else wherever it was
 * made through us; `no-support` where we know of none.
 * https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3account3pidunbind
 */
export async function unbindThreepid(
  platform: Platform,
  userId: string,
  { medium, address, id_server: idServer }: RemoveRequest,
): Promise<UnbindResult> {
  const association = { userId, medium, address: canonicalThreepid(medium, address)?.address ?? address };
  const servers = idServer === undefined ? await boundAt(platform, association) : [idServer];
  if (servers.length === 0) return "no-support";
  const results = await Promise.all(servers.map((name) => unbindAtIdentityServer(platform, name, association)));
  return results.every((result) => result === "success") ? "success" : "no-support";
}

/** Takes an address off its account, and withdraws its association too. */
export async function removeThreepid(
  platform: Platform,
  userId: string,
  request: RemoveRequest,
): Promise<UnbindResult> {
  const { medium, address } = request;
  await withTransaction(platform.db, async () => {
    await platform.db
      .deleteFrom("hs_threepids")
      .where(equal({ user_id: userId, medium, address: canonicalThreepid(medium, address)?.address ?? address }))
      .execute();
    await voidProofs(platform.db, userId);
  });
  return unbindThreepid(platform, userId, request);
}

async function boundAt({ db }: Platform, { userId, medium, address }: Association): Promise<string[]> {
  const rows = await db
    .selectFrom("hs_threepid_bindings")
    .select("id_server")
    .where(equal({ user_id: userId, medium, address }))
    .execute();
  return rows.map((row) => row.id_server);
}
