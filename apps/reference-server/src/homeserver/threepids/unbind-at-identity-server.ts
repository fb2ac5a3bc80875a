import type { Platform } from "../../platform.ts";
import { callIdentityServer, isTrustedIdentityServer } from "./identity-server.ts";
import { equal } from "../../storage/equal.ts";

/** The association of an address in canonical form with a user, as it is kept and withdrawn. */
export interface Association {
  readonly user_id: string;
  readonly medium: string;
  readonly address: string;
  readonly id_server: string;
}

/** `no-support`: the server did not do it, for whatever reason. */
export type UnbindResult = "success" | "no-support";

/**
 * Withdraws an association in the name of its user, which our signature stands for, and forgets that it was made.
 * https://spec.matrix.org/v1.19/identity-service-api/#post_matrixidentityv23pidunbind
 */
export async function unbindAtIdentityServer(platform: Platform, association: Association): Promise<UnbindResult> {
  const { user_id: mxid, medium, address, id_server: idServer } = association;
  if (!isTrustedIdentityServer(platform, idServer)) return "no-support";
  const body = { mxid, threepid: { medium, address } };
  const answer = await callIdentityServer(platform, { idServer, path: "/3pid/unbind", body });
  if (!answer.ok) {
    const { status, errcode } = answer;
    platform.log.warn("an identity server did not unbind", { idServer, status, errcode });
    return "no-support";
  }
  await platform.db.deleteFrom("hs_threepid_bindings").where(equal(association)).execute();
  return "success";
}
