import type { components } from "@matrix-openapi/definitions/client-server";
import type { Platform } from "../../platform.ts";
import { withTransaction } from "../../storage/database.ts";
import { equal } from "../../storage/equal.ts";
import { voidProofs } from "../accounts/credential-generation.ts";
import { canonicalThreepid } from "../../threepids/canonical-threepid.ts";
import { unbindAtIdentityServer } from "./unbind-at-identity-server.ts";
import type { Association, UnbindResult } from "./unbind-at-identity-server.ts";

type RemoveRequest = components["schemas"]["RemoveThreepidRequest"];

/**
 * Withdraws the association of one address with a user, at the identity server that is named, or else wherever it was
 * made through us; `no-support` where we know of none.
 * https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3account3pidunbind
 */
export async function unbindThreepid(platform: Platform, userId: string, request: RemoveRequest) {
  const threepid = { user_id: userId, ...canonical(request) };
  const associations =
    request.id_server === undefined
      ? await bindings(platform).where(equal(threepid)).execute()
      : [{ ...threepid, id_server: request.id_server }];
  return associations.length === 0 ? "no-support" : unbindAll(platform, associations);
}

/** Takes an address off its account, and withdraws its association too. */
export async function removeThreepid(platform: Platform, userId: string, request: RemoveRequest) {
  const { db } = platform;
  await withTransaction(db, async () => {
    const threepid = { user_id: userId, ...canonical(request) };
    await db.deleteFrom("hs_threepids").where(equal(threepid)).execute();
    await voidProofs(db, userId);
  });
  return unbindThreepid(platform, userId, request);
}

/**
 * Withdraws all associations of an account: at the identity server that the client names, or else where each was made.
 * https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3accountdeactivate
 */
export async function unbindAccount(platform: Platform, userId: string, idServer: string | undefined) {
  if (idServer === undefined) {
    return unbindAll(platform, await bindings(platform).where("user_id", "=", userId).execute());
  }
  const addresses = await platform.db
    .selectFrom("hs_threepids")
    .select(["user_id", "medium", "address"])
    .where("user_id", "=", userId)
    .execute();
  return unbindAll(
    platform,
    addresses.map((address) => ({ ...address, id_server: idServer })),
  );
}

async function unbindAll(platform: Platform, associations: readonly Association[]): Promise<UnbindResult> {
  const results = await Promise.all(associations.map((association) => unbindAtIdentityServer(platform, association)));
  return results.every((result) => result === "success") ? "success" : "no-support";
}

function bindings({ db }: Platform) {
  return db.selectFrom("hs_threepid_bindings").select(["user_id", "medium", "address", "id_server"]);
}

function canonical({ medium, address }: RemoveRequest) {
  return { medium, address: canonicalThreepid(medium, address)?.address ?? address };
}
