import { error, ok } from "@matrix-openapi/server";
import type { components } from "@matrix-openapi/definitions/client-server";
import { hashToken } from "../../crypto/tokens.ts";
import { withTransaction } from "../../storage/database.ts";
import { findAccount } from "../accounts/accounts.ts";
import { checkPassword, identifyAccount } from "../accounts/password-check.ts";
import type { UserIdentifier } from "../accounts/password-check.ts";
import { callingService } from "../application-services/calling-service.ts";
import { applicationServices } from "../application-services/services.ts";
import type { Handler, Home } from "../home.ts";
import { redeemLoginToken } from "./login-tokens.ts";
import { openSession } from "./open-session.ts";

type PasswordLogin = components["schemas"]["PasswordLogin"];
type ServiceLogin = components["schemas"]["ApplicationServiceLogin"];
type TokenLogin = components["schemas"]["TokenLogin"];

/** One request decides: https://spec.matrix.org/v1.19/client-server-api/#login */
export function login(home: Home): Handler<"login"> {
  return ({ body, request }) => {
    switch (body.type) {
      case "m.login.password":
        return passwordLogin(home, body);
      case "m.login.token":
        return tokenLogin(home, body);
      case "m.login.application_service":
        return applicationServices(home).length === 0 ? notOffered : serviceLogin(home, body, request);
    }
  };
}

async function passwordLogin(home: Home, body: PasswordLogin) {
  const identifier = body.identifier ?? olderIdentifier(body);
  if (identifier === undefined) {
    return error(400, "M_BAD_JSON", "identifier is missing: expected whom to log in, such as an m.id.user.");
  }
  const who = await identifyAccount(home, identifier);
  const matches = await checkPassword(home, who, body.password);
  if (who.account?.isDeactivated) return deactivated;
  if (!matches || who.account === undefined) return wrong;
  const { userId, passwordHash } = who.account;
  return withTransaction(home.db, async () => {
    // The password may have been changed while it was checked, which ends all sessions, this one included.
    const current = await findAccount(home.db, userId);
    return current?.passwordHash === passwordHash ? ok(await openSession(home, userId, body)) : wrong;
  });
}

async function tokenLogin(home: Home, body: TokenLogin) {
  return withTransaction(home.db, async () => {
    const userId = await redeemLoginToken(home, hashToken(body.token));
    if (userId === undefined) return error(403, "M_FORBIDDEN", "The login token is not, or no longer, valid.");
    return ok(await openSession(home, userId, body));
  });
}

/** https://spec.matrix.org/v1.19/client-server-api/#appservice-login */
async function serviceLogin(home: Home, body: ServiceLogin, request: Request) {
  const calling = callingService(home, request);
  if ("error" in calling) return calling.error;
  const { account } = await identifyAccount(home, body.identifier);
  if (account === undefined) return error(403, "M_FORBIDDEN", "There is no such user: register them first.");
  if (!calling.service.users.has(account.userId)) {
    return error(403, "M_EXCLUSIVE", `${account.userId} is not in the namespaces of ${calling.service.id}.`);
  }
  return ok(await openSession(home, account.userId, body));
}

const notOffered = error(400, "M_UNKNOWN", "No application service is registered here: log in by password or token.");
const wrong = error(403, "M_FORBIDDEN", "The user name or the password is wrong.");
const deactivated = error(403, "M_USER_DEACTIVATED", "This account has been deactivated.");

/** How clients named the account before `identifier`: https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3login */
function olderIdentifier({ user, medium, address }: PasswordLogin): UserIdentifier | undefined {
  if (user !== undefined) return { type: "m.id.user", user };
  if ((medium === "email" || medium === "msisdn") && address !== undefined) {
    return { type: "m.id.thirdparty", medium, address };
  }
  return undefined;
}
