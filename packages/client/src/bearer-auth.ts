import type { Behaviour } from "./behaviour.ts";

/**
 * Sends the session's access token, unless the caller has set an `Authorization` header.
 * https://spec.matrix.org/v1.19/client-server-api/#using-access-tokens
 */
export const bearerAuth: Behaviour = (request, next, { session }) => {
  if (session !== undefined && !request.headers.has("authorization")) {
    request.headers.set("authorization", `Bearer ${session.accessToken}`);
  }
  return next(request);
};
