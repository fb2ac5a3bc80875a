import type { Platform } from "../../platform.ts";
import { createValidationSessions } from "../../validation-sessions/validation-sessions.ts";
import type { ValidationSessions } from "../../validation-sessions/validation-sessions.ts";

/** What an address is validated for; a session of one purpose is of no use for another. */
export type ValidationPurpose = "register" | "password" | "add";

/** The homeserver's own requestToken sessions: https://spec.matrix.org/v1.19/client-server-api/#adding-account-administrative-contact-information */
export function validationSessions({
  db,
  clock,
  random,
  config,
}: Pick<Platform, "db" | "clock" | "random" | "config">): ValidationSessions {
  return createValidationSessions({
    db,
    table: "hs_validation_sessions",
    rateLimits: { table: "hs_rate_limits", limit: config.rateLimits.requestToken },
    clock,
    random,
    limits: config.validation,
  });
}
