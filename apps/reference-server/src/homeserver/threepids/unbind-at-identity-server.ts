import type { Platform } from "../../platform.ts";
import { callIdentityServer, isTrustedIdentityServer } from "./identity-server.ts";
import { equal } from "../../storage/equal.ts";

/** The association of an address with a user, as it is withdrawn. */
export interface Association {
  readonly userId: string;
  readonly medium: string;
  /** In canonical form. */
  readonly address: string;
}

/** `no-support`: the server did not do it, for whatever reason. */
export type UnbindResult = "success" | "no-support";

/**
 * Withdraws an association in the name of its user, which our signature stands for, and forgets that it was made.
 * https://spec.matrix.org/v1.19/identity-service-api/#post_matrixidentityv23pidunbind
 */
export async function unbindAtIdentityServer(
  platform: Platform,
  idServer: string,
  { userId, medium, address }: Association,
): Promise<UnbindResult> {
  if (!isTrustedIdentityServer(platform, idServer)) return "no-support";
  const answer = await callIdentityServer(platform, {
    idServer,
    path: "/3pid/unbind",
    body: { mxid: userId, threepid: { medium, address } },
  });
  if (!answer.ok) {
    platform.log.warn("an identity server did not unbind", {
      idServer,
      status: answer.status,
      errcode: answer.errcode,
    });
    return "no-support";
  }
  await platform.db
    .deleteFrom("hs_threepid_bindings")
    .where(equal({ user_id: userId, medium, address, id_server: idServer }))
    .execute();
  return "success";
}
