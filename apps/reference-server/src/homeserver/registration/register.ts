import { error } from "@matrix-openapi/server";
import { passwordWeakness } from "../accounts/password-policy.ts";
import type { Handler, HandlerContext, Home } from "../home.ts";
import { uiaRequirement } from "../user-interactive-auth/requirements.ts";
import { createUser } from "./create-user.ts";
import { refuseGuestUpgrade } from "./guest-upgrade.ts";
import { registerGuest } from "./register-guest.ts";
import { registerServiceUser } from "../application-services/register-user.ts";
import { refuseUsername } from "./username.ts";

type Registration = HandlerContext<"register">;

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3register */
export function register(home: Home): Handler<"register"> {
  return (context) => {
    if (context.body.type === "m.login.application_service") return registerServiceUser(home, context);
    return context.params.query.kind === "guest" ? registerGuest(home, context) : registerUser(home, context);
  };
}

async function registerUser(home: Home, { body, uia, remoteAddress }: Registration) {
  const { config } = home;
  if (!config.registration.enabled) return error(403, "M_FORBIDDEN", "Registration is closed on this server.");
  const refusal = await refuseName(home, body);
  if (refusal !== undefined && !(await isRepeated(home, body))) return refusal;

  const { password } = body;
  const weakness = password === undefined ? undefined : passwordWeakness(config.passwordPolicy, password);
  if (weakness !== undefined) return error(400, "M_WEAK_PASSWORD", weakness);
  // Slow on purpose: not in the transaction, and not for a request that only asks what is required.
  const passwordHash = password === undefined || body.auth === undefined ? null : await home.passwords.hash(password);
  return uia.run(await uiaRequirement(home, "register"), (grant) =>
    createUser(home, { request: body, passwordHash, grant, remoteAddress }),
  );
}

async function refuseName(home: Home, { username, guest_access_token: guestToken }: Registration["body"]) {
  if (guestToken !== undefined) return refuseGuestUpgrade(home, guestToken, username);
  return username === undefined ? undefined : refuseUsername(home, username);
}

/** The final request may come again; then the name is taken by the very account that it has created. */
async function isRepeated(home: Home, { auth }: Registration["body"]): Promise<boolean> {
  const session = auth?.session === undefined ? undefined : await home.uia.session(auth.session);
  return session?.state === "done" && session.operationId === "register";
}
