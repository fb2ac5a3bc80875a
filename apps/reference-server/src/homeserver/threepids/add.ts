import { error, ok } from "@matrix-openapi/server";
import { addThreepid } from "../accounts/accounts.ts";
import type { HandlerContext, Home } from "../home.ts";
import { runForAccount } from "../user-interactive-auth/run-for-account.ts";
import { validationSessionsOf } from "../../validation-sessions/validation-sessions.ts";
import { findValidation } from "./find-validation.ts";

/**
 * Puts an address on the account, which its owner has validated for that; the validation is used up by it.
 * https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3account3pidadd
 */
export async function addValidatedThreepid(home: Home, { user, body, uia }: HandlerContext<"add3PID">) {
  return runForAccount(home, "add3PID", { user, uia }, async (userId) => {
    const { sid, client_secret } = body;
    const found = await findValidation(home, { sid, client_secret }, "add");
    if (!found.ok) return error(403, "M_THREEPID_AUTH_FAILED", reasons[found.reason]);
    if (!(await addThreepid(home, userId, found.session))) {
      return error(400, "M_THREEPID_IN_USE", "The address belongs to another account already.");
    }
    await validationSessionsOf(home, "hs").remove(sid);
    return ok({});
  });
}

const reasons = {
  "unknown-session": "There is no such validation of an address: ask for a message first.",
  "not-validated": "The address is not validated yet: follow the link or give the code in the message first.",
  expired: "The address was validated too long ago: ask for a new message.",
};
