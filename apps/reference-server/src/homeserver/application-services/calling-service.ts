import { error } from "@matrix-openapi/server";
import type { Platform } from "../../platform.ts";
import { serviceByToken } from "./services.ts";

/**
 * The service that makes a request to an operation that otherwise needs no token, such as `/login`, or what it is
 * answered. https://spec.matrix.org/v1.19/application-service-api/#server-admin-style-permissions
 */
export function callingService(platform: Pick<Platform, "config">, request: Request) {
  const header = /^bearer +(\S+) *$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const token = header ?? new URL(request.url).searchParams.get("access_token");
  if (!token) return { error: error(401, "M_MISSING_TOKEN", "An application service must send its as_token.") };
  const service = serviceByToken(platform, token);
  return service === undefined
    ? { error: error(401, "M_UNKNOWN_TOKEN", "The token is no application service's as_token.") }
    : { service };
}
