import { error } from "@matrix-openapi/server";
import type { HandlerContext, Home } from "../home.ts";
import { createUser } from "../registration/create-user.ts";
import { refuseUsername } from "../registration/username.ts";
import { callingService } from "./calling-service.ts";

/**
 * A user of an application service: without a password, asked for nothing, whether others may register or not.
 * https://spec.matrix.org/v1.19/application-service-api/#server-admin-style-permissions
 */
export async function registerServiceUser(
  home: Home,
  { body, request, uia, remoteAddress }: HandlerContext<"register">,
) {
  const calling = callingService(home, request);
  if ("error" in calling) return calling.error;
  if (body.username === undefined)
    return error(400, "M_INVALID_USERNAME", "username is missing: name the user to create.");
  const refusal = await refuseUsername(home, body.username, calling.service);
  if (refusal !== undefined) return refusal;
  return uia.run({ flows: [], exempt: true }, (grant) => {
    const { guest_access_token: _ofPeople, ...wanted } = body;
    const isLimited = calling.service.registration.rate_limited !== false;
    return createUser(home, { request: wanted, passwordHash: null, grant, remoteAddress, isLimited });
  });
}
