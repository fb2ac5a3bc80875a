import { ok } from "@matrix-openapi/server";
import type { Home, SomeHandlers } from "../home.ts";
import { addValidatedThreepid } from "./add.ts";
import { bindThreepid, bindThreepidTheOldWay } from "./bind.ts";
import { listThreepids } from "./list.ts";
import { adding, registering, resettingPassword } from "./purposes.ts";
import { requestEmailToken, requestMsisdnToken } from "./request-token.ts";
import { removeThreepid, unbindThreepid } from "./unbind.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#adding-account-administrative-contact-information */
export function threepidHandlers(home: Home) {
  return {
    getAccount3PIDs: async ({ user }) => ok({ threepids: await listThreepids(home.db, user.id) }),
    post3PIDs: ({ user, body }) => bindThreepidTheOldWay(home, user.id, body.three_pid_creds),
    add3PID: (context) => addValidatedThreepid(home, context),
    bind3PID: ({ user, body }) => bindThreepid(home, user.id, body),
    delete3pidFromAccount: async ({ user, body }) =>
      ok({ id_server_unbind_result: await removeThreepid(home, user.id, body) }),
    unbind3pidFromAccount: async ({ user, body }) =>
      ok({ id_server_unbind_result: await unbindThreepid(home, user.id, body) }),

    requestTokenToRegisterEmail: ({ body }) => requestEmailToken(home, registering, body),
    requestTokenToRegisterMSISDN: ({ body }) => requestMsisdnToken(home, registering, body),
    requestTokenToResetPasswordEmail: ({ body }) => requestEmailToken(home, resettingPassword, body),
    requestTokenToResetPasswordMSISDN: ({ body }) => requestMsisdnToken(home, resettingPassword, body),
    requestTokenTo3PIDEmail: ({ body }) => requestEmailToken(home, adding, body),
    requestTokenTo3PIDMSISDN: ({ body }) => requestMsisdnToken(home, adding, body),
  } satisfies SomeHandlers;
}
