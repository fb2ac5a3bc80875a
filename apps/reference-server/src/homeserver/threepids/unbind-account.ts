import type { Platform } from "../../platform.ts";
import { unbindAtIdentityServer } from "./unbind-at-identity-server.ts";
import type { UnbindResult } from "./unbind-at-identity-server.ts";

/**
 * Withdraws all associations of an account: at the identity server that the client names, or else where each was made.
 * https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3accountdeactivate
 */
export async function unbindAccount(
  platform: Platform,
  userId: string,
  idServer: string | undefined,
): Promise<UnbindResult> {
  const associations =
    idServer === undefined ? await bindings(platform, userId) : await ownAddresses(platform, userId, idServer);
  const results = await Promise.all(
    associations.map(({ medium, address, id_server }) =>
      unbindAtIdentityServer(platform, id_server, { userId, medium, address }),
    ),
  );
  return results.every((result) => result === "success") ? "success" : "no-support";
}

function bindings({ db }: Platform, userId: string) {
  return db
    .selectFrom("hs_threepid_bindings")
    .select(["medium", "address", "id_server"])
    .where("user_id", "=", userId)
    .execute();
}

async function ownAddresses({ db }: Platform, userId: string, idServer: string) {
  const addresses = await db
    .selectFrom("hs_threepids")
    .select(["medium", "address"])
    .where("user_id", "=", userId)
    .execute();
  return addresses.map((address) => ({ ...address, id_server: idServer }));
}
